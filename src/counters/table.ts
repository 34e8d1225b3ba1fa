// The table of all counters and what each counts.

import { ANY_LEAF, rule, type Counter, type Rules } from './counter.js';
import type { Executed } from './executed.js';
import { ONNX_TOOL } from './onnxTool.js';
import * as m from './moduleQuantity.js';
import * as printed from './printed.js';
import * as q from './quantity.js';
import { TENSORFLOW_PROFILER } from './tensorflowProfiler.js';

/** Norms with a learnable scale and shift, and without. */
const affine =
  (learnt: number, plain: number) =>
  ({ params, call: { scaled = params > 0 } }: Executed): number =>
    scaled ? learnt : plain;

/** thop tells the modes of nn.Upsample apart. */
const UPSAMPLING: Readonly<Record<string, number>> = {
  upsample_linear1d: 5,
  upsample_bilinear2d: 11,
  // It warns: trilinear is no mode that it knows.
  upsample_trilinear3d: 0,
  upsample_bicubic2d: 259,
};
const upsampling = ({ call }: Executed): number => Math.max(...call.aten.map((op) => UPSAMPLING[op] ?? 1));

/** The same rules for several hooks. */
const each = (hooks: readonly string[], rules: Rules[string]): Rules =>
  Object.fromEntries(hooks.map((hook) => [hook, rules]));

/** "nn.Conv1d", "nn.Conv2d", "nn.Conv3d" */
const ofSides = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [1, 2, 3].map((sides) => `${name}${sides}d`));
const CONVOLUTIONS = ofSides('nn.Conv');
const TRANSPOSED = ofSides('nn.ConvTranspose');
const BATCH_NORMS = ofSides('nn.BatchNorm');
const INSTANCE_NORMS = ofSides('nn.InstanceNorm');
const POOL_MODULES = ofSides('nn.MaxPool', 'nn.AvgPool', 'nn.AdaptiveMaxPool', 'nn.AdaptiveAvgPool');
/** A trace has a name of its own for a padding that is given as a word. */
const CONVOLVED = ['_convolution', '_convolution_mode'];
const RECURRENT = ['nn.LSTM', 'nn.GRU', 'nn.RNN', 'nn.LSTMCell', 'nn.GRUCell', 'nn.RNNCell'];
/** Functions and methods that add to a product. */
const ADDMM = ['torch.addmm', 'x.addmm', 'torch.baddbmm'];

const core = [rule(1, q.multAdds)];
const doubled = [rule(2, q.multAdds)];
/** Products of two matrices, by whatever function; torch's counter sees them all as mm and bmm. */
const PRODUCTS = ['matmul', 'mm', 'bmm', 'addmm', 'baddbmm', 'einsum', 'scaled_dot_product_attention'];
const withBias = [rule(1, q.multAdds), rule(1, q.bias)];

const fvcore: Rules = {
  _convolution: core,
  ...each(['linear', 'matmul', 'mm', 'bmm', 'addmm', 'einsum'], core),
  batch_norm: [rule(affine(2, 1), q.normElements)],
  layer_norm: [rule(affine(5, 4), q.layerNormElements)],
  group_norm: [rule(affine(5, 4), q.groupNormElements)],
  instance_norm: [rule(affine(5, 4), q.instanceNormElements)],
  adaptive_avg_pool2d: [rule(1, q.adaptiveInputs)],
  upsample_nearest2d: [rule(1, q.outputs('upsampled element'))],
  upsample_bilinear2d: [rule(4, q.outputs('upsampled element'))],
  grid_sampler: [rule(4, q.outputs('sampled element'))],
};
const FVCORE_FREE = [
  'relu',
  'relu_',
  'cat',
  'chunk',
  'max',
  'slice',
  'view',
  'transpose',
  'contiguous',
  'reshape',
  'flatten',
];
const fvcoreWarns: Counter['warns'] = {
  text: (op, times) => `Unsupported operator ${op} encountered ${times} time(s)`,
};

/** Those that ptflops and DeepSpeed patch, as functions and as methods. */
const ALL_POOLS = ofSides('F.max_pool', 'F.avg_pool', 'F.adaptive_avg_pool', 'F.adaptive_max_pool');
const sums = [rule(1, q.outputs('element of a sum or product'))];
const PATCHED_PRODUCTS = ['torch.matmul', 'torch.mm', 'x.mm', 'torch.bmm', 'x.bmm'];
const DEEPSPEED_PRODUCTS = [...PATCHED_PRODUCTS, 'x @ y', 'F.scaled_dot_product_attention'];
const relus = [rule(1, q.outputs('activation-function element'))];

export const COUNTERS: readonly Counter[] = [
  {
    name: 'paper',
    title: 'paper',
    measures: 'multAdds',
    brief: 'multiply-adds, called FLOPs',
    says: 'It counts the multiply-adds of convolutions and fully connected layers for one image, and calls them FLOPs.',
    source: 'VoVNet (arXiv 1904.09730), ShuffleNetV2 (arXiv 1807.11164): one per multiply-add',
    hooks: { trace: each([...CONVOLVED, 'linear'], core) },
    oneImage: true,
    print: printed.paperText,
  },
  {
    name: 'fvcore',
    title: 'fvcore',
    measures: 'multAdds',
    brief: 'traced: multiply-adds, norms, adaptive pools',
    says: 'It traces the model and counts multiply-adds, 2 per element of a batch norm and every input of an adaptive pool, and calls them flops.',
    source: 'fvcore 0.1.6: nn/flop_count.py, nn/jit_handles.py, nn/jit_analysis.py',
    hooks: { trace: fvcore },
    free: FVCORE_FREE,
    warns: fvcoreWarns,
    print: printed.fvcoreText,
  },
  {
    name: 'timm',
    title: 'timm gmacs',
    measures: 'multAdds',
    brief: "fvcore's, or DeepSpeed's MACs where installed",
    says: "Its benchmark takes fvcore's count of one image, in billions; where DeepSpeed is installed it takes that one's MACs instead.",
    source: 'timm 1.0.29: benchmark.py, profile_fvcore',
    hooks: { trace: fvcore },
    free: FVCORE_FREE,
    warns: fvcoreWarns,
    oneImage: true,
    print: printed.inGiga(2),
  },
  {
    name: 'timm-macts',
    title: 'timm macts',
    measures: 'activations',
    brief: 'outputs of convolutions and linear layers',
    says: "Its benchmark takes fvcore's count of the output elements of convolutions and fully connected layers for one image, in millions.",
    source: 'timm 1.0.29: benchmark.py; fvcore 0.1.6: nn/activation_count.py',
    hooks: { trace: { _convolution: [rule(1, q.activations)], linear: [rule(1, q.activations)] } },
    oneImage: true,
    print: printed.inMega(2),
  },
  {
    name: 'torchvision',
    title: 'torchvision _ops',
    measures: 'multAdds',
    brief: 'multiply-adds in billions, called GFLOPS',
    says: 'Its weights carry the multiply-adds of convolutions and matrix products for one image in billions, which its tables call GFLOPS.',
    source: 'torchvision 0.28: test/common_extended_utils.py, get_ops',
    hooks: { trace: each([...CONVOLVED, 'linear', ...PRODUCTS], core) },
    oneImage: true,
    print: printed.inGiga(3),
  },
  {
    name: 'ptflops',
    title: 'ptflops pytorch',
    measures: 'multAdds',
    brief: 'modules and functions: seen in both counts twice',
    says: 'It hooks module classes and patches functions, so the ReLU or pool of a module counts twice, a function call once; norms and biases count too.',
    source: 'ptflops 0.7.6: pytorch_ops.py, pytorch_engine.py',
    hooks: {
      modules: {
        ...each([...CONVOLUTIONS, ...TRANSPOSED, 'nn.Linear'], withBias),
        ...each(BATCH_NORMS, [rule(affine(2, 1), q.normElements)]),
        // It asks for `affine`, which nn.LayerNorm has not.
        'nn.LayerNorm': [rule(1, q.layerNormElements)],
        ...each(INSTANCE_NORMS, [rule(affine(2, 1), q.instanceNormElements)]),
        'nn.GroupNorm': [rule(affine(2, 1), q.groupNormElements)],
        ...each(['nn.ReLU', 'nn.ReLU6', 'nn.LeakyReLU', 'nn.PReLU', 'nn.ELU', 'nn.GELU'], relus),
        ...each(POOL_MODULES, [rule(1, q.poolInputs)]),
        'nn.Upsample': [rule(1, q.upsampled)],
        ...each(RECURRENT, [rule(1, m.recurrentMultAdds)]),
        'nn.MultiheadAttention': [rule(1, m.attendingModule)],
      },
      functions: {
        ...each(['F.relu', 'F.relu6', 'F.prelu', 'F.elu', 'F.gelu', 'F.silu', 'F.softmax'], relus),
        ...each(ALL_POOLS, [rule(1, q.poolInputs)]),
        'F.interpolate': [rule(1, q.upsampled)],
        ...each(PATCHED_PRODUCTS, core),
        ...each(ADDMM, [rule(1, q.multAdds), rule(1, q.addedElements)]),
        ...each(['torch.add', 'torch.mul'], sums),
      },
    },
    warns: { when: 'verbose=True', text: (name) => `Warning: module ${name} is treated as a zero-op.` },
    oneImage: true,
    print: printed.ptflopsText,
  },
  {
    name: 'ptflops-aten',
    title: 'ptflops aten',
    measures: 'multAdds',
    brief: 'traced: multiply-adds and biases',
    says: 'It intercepts aten ops and counts the multiply-adds and biases of convolutions and matrix products.',
    source: 'ptflops 0.7.6: aten_ops.py, aten_engine.py',
    hooks: {
      trace: {
        ...each(CONVOLVED, withBias),
        linear: [rule(1, q.multAdds), rule(({ call }) => (call.separateBias ? 0 : 1), q.bias)],
        ...each(['matmul', 'mm', 'bmm', 'einsum', 'baddbmm'], core),
        addmm: [rule(1, q.multAdds), rule(1, q.outputs('output of torch.addmm'))],
        // The kernel of attention is none of its ops; what is not of four sides runs as products.
        scaled_dot_product_attention: [rule(({ sides }) => (sides.length === 4 ? 0 : 1), q.multAdds)],
        ...each(['gru', 'rnn_tanh', 'rnn_relu'], [rule(1, q.multAdds), rule(1, m.recurrentBiases)]),
      },
    },
    warns: {
      when: 'verbose=True',
      text: (op) => `Warning: ${op.replace('::', '.')} operation is treated as a zero-op`,
    },
    oneImage: true,
    print: printed.ptflopsText,
  },
  {
    name: 'thop',
    title: 'thop',
    measures: 'multAdds',
    brief: 'modules: multiply-adds, 4 per norm element, means',
    says: 'It hooks module classes and counts multiply-adds, 4 per element of a batch norm, and average pools; activations and max pools are free.',
    source: 'thop 0.1.1: profile.py, vision/basic_hooks.py, vision/calc_func.py',
    hooks: {
      modules: {
        ...each([...CONVOLUTIONS, 'nn.Linear'], core),
        ...each(TRANSPOSED, [rule(1, q.weightsPerOutput)]),
        ...each([...BATCH_NORMS, 'nn.SyncBatchNorm'], [rule(affine(4, 2), q.normElements)]),
        ...each(INSTANCE_NORMS, [rule(affine(4, 2), q.instanceNormElements)]),
        'nn.LayerNorm': [rule(affine(4, 2), q.layerNormElements)],
        'nn.PReLU': relus,
        'nn.Softmax': [rule(1, q.softmaxSteps)],
        ...each(ofSides('nn.AvgPool'), [rule(1, q.outputs('average-pool output'))]),
        ...each(ofSides('nn.AdaptiveAvgPool'), [rule(1, q.adaptiveWindows)]),
        ...each(
          ['nn.Upsample', 'nn.UpsamplingBilinear2d', 'nn.UpsamplingNearest2d'],
          [rule(upsampling, q.outputs('upsampled element'))],
        ),
        ...each(RECURRENT, [rule(1, m.recurrentSteps)]),
      },
    },
    free: [
      ...['nn.ReLU', 'nn.ReLU6', 'nn.LeakyReLU', 'nn.ZeroPad2d', 'nn.Dropout', 'nn.PixelShuffle'],
      ...ofSides('nn.MaxPool', 'nn.AdaptiveMaxPool'),
    ],
    warns: {
      when: 'report_missing=True',
      text: (name) => `[WARN] Cannot find rule for ${name}. Treat it as zero Macs.`,
    },
    print: printed.thopText,
  },
  {
    name: 'torchinfo',
    title: 'torchinfo',
    measures: 'multAdds',
    brief: 'parameters x positions (convolutions) or images',
    says: 'It multiplies the parameters of modules without children, biases too, by output positions in a convolution and by images elsewhere.',
    source: 'torchinfo 1.8.0: layer_info.py, calculate_macs',
    hooks: {
      modules: {
        'nn.Conv2d': withBias,
        'nn.ConvTranspose2d': [rule(1, q.weightsPerOutput), rule(1, q.bias)],
        'nn.Linear': [rule(1, q.weightsPerImage), rule(1, q.biasesPerImage)],
        ...each(['nn.BatchNorm2d', 'nn.LayerNorm', 'nn.GroupNorm', 'L2Norm'], [rule(1, q.normParamsPerImage)]),
        ...each(['nn.PReLU', ...INSTANCE_NORMS], [rule(1, q.paramsPerImage)]),
        [ANY_LEAF]: [rule(1, q.paramsPerCall)],
      },
    },
    print: printed.torchinfoText,
  },
  {
    name: 'torch',
    title: 'torch flop_counter',
    measures: 'operations',
    brief: 'traced: 2 per multiply-add, nothing else',
    says: 'It intercepts aten ops and counts 2 for each multiply-add of convolutions and matrix products, nothing else. On a CPU it has no formula for the kernel of F.scaled_dot_product_attention and counts nothing for it.',
    source: 'PyTorch 2.13: torch/utils/flop_counter.py',
    // On a CPU a GRU and a plain RNN run op by op, as products. An LSTM is one kernel, for which it
    // has no formula.
    hooks: { trace: each([...CONVOLVED, 'linear', ...PRODUCTS, 'gru', 'rnn_tanh', 'rnn_relu'], doubled) },
    print: printed.torchText,
  },
  {
    name: 'deepspeed',
    title: 'DeepSpeed flops',
    measures: 'operations',
    brief: 'functions: 2 per multiply-add, norms, ReLUs, pools',
    says: 'It patches torch.nn.functional and counts 2 for each multiply-add, biases of convolutions, norms, activations and the inputs of pools.',
    source: 'DeepSpeed 0.16.5: profiling/flops_profiler/profiler.py',
    hooks: {
      functions: {
        ...each(['F.conv1d', 'F.conv2d', 'F.conv3d'], [rule(2, q.multAdds), rule(1, q.bias)]),
        ...each(ofSides('F.conv_transpose'), [rule(2, q.transposedByGroupsTwice), rule(1, q.wronglySizedBias)]),
        ...each(['F.linear', ...DEEPSPEED_PRODUCTS], doubled),
        'torch.einsum': [rule(1, q.einsumOperations)],
        'F.batch_norm': [rule(affine(2, 1), q.normElements)],
        'F.layer_norm': [rule(affine(5, 4), q.layerNormElements)],
        'F.group_norm': [rule(affine(5, 4), q.groupNormElements)],
        'F.instance_norm': [rule(affine(5, 4), q.instanceNormElements)],
        ...each(['F.relu', 'F.relu6', 'F.leaky_relu', 'F.silu', 'F.gelu', 'F.softmax', 'F.elu', 'F.prelu'], relus),
        ...each(ALL_POOLS, [rule(1, q.poolInputs)]),
        'F.interpolate': [rule(1, q.resizedElements)],
        ...each(ADDMM, [rule(2, q.multAdds), rule(1, q.addedElements)]),
        ...each(['torch.add', 'torch.mul'], sums),
      },
      modules: each(RECURRENT, [rule(1, m.recurrentOperations)]),
    },
    print: printed.deepspeedText,
  },
  {
    name: 'deepspeed-macs',
    title: 'DeepSpeed MACs',
    measures: 'multAdds',
    brief: 'functions: multiply-adds',
    says: 'It patches torch.nn.functional and counts the multiply-adds of convolutions and fully connected layers.',
    source: 'DeepSpeed 0.16.5: profiling/flops_profiler/profiler.py',
    hooks: {
      functions: {
        ...each(['F.conv1d', 'F.conv2d', 'F.conv3d', 'F.linear', ...DEEPSPEED_PRODUCTS, ...ADDMM], core),
        ...each(
          ['F.conv_transpose1d', 'F.conv_transpose2d', 'F.conv_transpose3d'],
          [rule(1, q.transposedByGroupsTwice)],
        ),
      },
    },
    print: (total) => `${printed.deepspeedText(total)}MACs`,
  },
  {
    name: 'mmengine',
    title: 'mmengine',
    measures: 'multAdds',
    brief: "traced: fvcore's rules",
    says: "It is fvcore's counter under another name: multiply-adds, norms, adaptive pools and upsampling of one image, which it calls flops.",
    source: 'mmengine: analysis/complexity_analysis.py, jit_handles.py, print_helper.py',
    hooks: { trace: fvcore },
    free: FVCORE_FREE,
    warns: fvcoreWarns,
    oneImage: true,
    print: printed.fvcoreText,
  },
  {
    name: 'keras',
    title: 'Keras Total params',
    measures: 'params',
    brief: 'parameters and running statistics',
    says: 'Its summary adds the running mean and variance of each batch norm, which it calls non-trainable, to the parameters.',
    source: 'Keras: src/utils/summary_utils.py',
    hooks: { every: [rule(1, q.parameters), rule(1, q.runningStatistics)] },
    oneImage: true,
    print: printed.kerasText,
  },
  {
    name: 'darknet',
    title: 'Darknet BFLOPs',
    measures: 'operations',
    brief: 'layers with weights: 2 per multiply-add',
    says: 'It prints 2 for each multiply-add of a layer for one image in billions, and nothing for layers without weights.',
    source: 'Darknet (pjreddie): src/convolutional_layer.c, examples/darknet.c (operations)',
    hooks: { every: doubled },
    oneImage: true,
    print: printed.bflopsText,
  },
  {
    name: 'darknet-alexeyab',
    title: 'Darknet (AlexeyAB)',
    measures: 'operations',
    brief: '2 per multiply-add of convolutions, pools, shortcuts',
    says: 'Its last line adds up 2 for each multiply-add of convolutions, 1 for each element of a pool window and 1 for each element that a shortcut adds, for one image.',
    source: 'Darknet (AlexeyAB): src/convolutional_layer.c, maxpool_layer.c, shortcut_layer.c, parser.c',
    hooks: {
      // Its table lists matrix products without a number.
      every: [rule(0, q.multAdds)],
      trace: {
        ...each(CONVOLVED, doubled),
        ...each(['max_pool2d', 'avg_pool2d'], [rule(1, q.poolWindows)]),
        ...each(['add', 'add_'], [rule(1, q.outputs('added element'))]),
      },
    },
    oneImage: true,
    print: printed.totalBflopsText,
  },
  TENSORFLOW_PROFILER,
  ONNX_TOOL,
];

export const counterNames = (): readonly string[] => COUNTERS.map(({ name }) => name);
