// The execution providers of ONNX Runtime: what runs the kernels, and where each of them works.

export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'coreml', 'dml'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Graph optimization levels of ONNX Runtime. */
export const OPTIMISATIONS = ['disabled', 'basic', 'extended', 'layout', 'all'] as const;
export type Optimisation = (typeof OPTIMISATIONS)[number];

interface Row {
  /** What profiles call it. */
  readonly kernels: string;
  readonly title: string;
  /** What to do where it cannot be opened. */
  readonly remedy: string;
}

const CUDA =
  'install the CUDA 12 and cuDNN 9 libraries, and onnxruntime-node with its CUDA files: npm install onnxruntime-node --foreground-scripts';

export const PROVIDER_ROWS: Readonly<Record<Provider, Row>> = {
  cpu: { kernels: 'CPUExecutionProvider', title: 'CPU', remedy: 'install onnxruntime-node again' },
  webgpu: {
    kernels: 'WebGpuExecutionProvider',
    title: 'WebGPU',
    remedy: "install the GPU's driver (on Linux Vulkan's, with its loader), or use --provider cpu",
  },
  cuda: { kernels: 'CUDAExecutionProvider', title: 'CUDA', remedy: CUDA },
  tensorrt: { kernels: 'TensorrtExecutionProvider', title: 'TensorRT', remedy: `${CUDA}; and install TensorRT 10` },
  coreml: {
    kernels: 'CoreMLExecutionProvider',
    title: 'CoreML',
    remedy: 'use it on macOS, or choose another provider',
  },
  dml: { kernels: 'DmlExecutionProvider', title: 'DirectML', remedy: 'use it on Windows, or choose another provider' },
};

/**
 * Providers that are tried where the user names none: those of a GPU, then the CPU. TensorRT takes
 * minutes to build a graph, and CoreML does not tell which device it uses: both run only where they
 * are named.
 */
export const TRIED: readonly Provider[] = ['cuda', 'dml', 'webgpu', 'cpu'];
