// The execution providers of ONNX Runtime: what runs the kernels, and where each of them works.

export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'coreml', 'dml'] as const;
export type Provider = (typeof PROVIDERS)[number];

export const isProvider = (name: string): name is Provider => (PROVIDERS as readonly string[]).includes(name);

/** Graph optimization levels of ONNX Runtime. */
export const OPTIMISATIONS = ['disabled', 'basic', 'extended', 'layout', 'all'] as const;
export type Optimisation = (typeof OPTIMISATIONS)[number];

interface Row {
  /** What profiles call it. */
  readonly kernels: string;
  readonly title: string;
  /** Systems (`process.platform`) that it is built for. */
  readonly systems: readonly string[];
  /** What to do where it cannot be opened, with the folder of the package that was tried. */
  readonly remedy: (folder: string) => string;
}

const EVERYWHERE = ['linux', 'darwin', 'win32'];
const WITH_CUDA = ['linux', 'win32'];

/** The package's own script fetches the libraries; npm may have been told to run no scripts. */
const CUDA = (folder: string): string =>
  `install the CUDA 12 and cuDNN 9 libraries, and fetch ONNX Runtime's CUDA files (400 MB): cd ${folder} && node script/install`;

export const PROVIDER_ROWS: Readonly<Record<Provider, Row>> = {
  cpu: {
    kernels: 'CPUExecutionProvider',
    title: 'CPU',
    systems: EVERYWHERE,
    remedy: () => 'install onnxruntime-node again',
  },
  webgpu: {
    kernels: 'WebGpuExecutionProvider',
    title: 'WebGPU',
    systems: EVERYWHERE,
    remedy: () => "install the GPU's driver (on Linux Vulkan's, with its loader), or use --provider cpu",
  },
  cuda: { kernels: 'CUDAExecutionProvider', title: 'CUDA', systems: WITH_CUDA, remedy: CUDA },
  tensorrt: {
    kernels: 'TensorrtExecutionProvider',
    title: 'TensorRT',
    systems: WITH_CUDA,
    remedy: (folder) => `${CUDA(folder)}; and install TensorRT 10`,
  },
  coreml: {
    kernels: 'CoreMLExecutionProvider',
    title: 'CoreML',
    systems: ['darwin'],
    remedy: () => 'use it on macOS, or choose another provider',
  },
  dml: {
    kernels: 'DmlExecutionProvider',
    title: 'DirectML',
    systems: ['win32'],
    remedy: () => 'use it on Windows, or choose another provider',
  },
};

/**
 * Providers that are tried where the user names none: those of a GPU, then the CPU. TensorRT takes
 * minutes to build a graph, and CoreML does not tell which device it uses: both run only where they
 * are named.
 */
export const TRIED: readonly Provider[] = ['cuda', 'dml', 'webgpu', 'cpu'];
