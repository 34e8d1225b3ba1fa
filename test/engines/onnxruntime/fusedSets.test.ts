// Kernels of ONNX Runtime are joined to the nodes that they stand for, on graphs as the runtime writes them.

import { describe, expect, it } from 'vitest';
import { builtIn } from '../../../src/builtIn.js';
import type { FileNode } from '../../../src/engines/onnxruntime/fileTensors.js';
import * as joined from '../../../src/engines/onnxruntime/fusedSets.js';
import { asRun, layerTimesOf } from '../../../src/engines/onnxruntime/layers.js';
import { profileOf } from '../../../src/engines/onnxruntime/profiled.js';
import { graphOf } from '../../../src/model.js';

type KernelNode = joined.KernelNode;

const fusedSets = (nodes: readonly FileNode[], kernels: readonly KernelNode[]): readonly (readonly number[])[] =>
  joined.fusedSets(nodes, kernels, ['x']);

const node = (op: string, inputs: string, output: string): FileNode => ({
  op,
  inputs: inputs.split(' '),
  outputs: [output],
});
const kernel = (name: string, op: string, inputs: string, output: string, activation?: string): KernelNode => ({
  ...node(op, inputs, output),
  name,
  activation,
});

/** Tensors have other names than nodes, as in files of PyTorch. */
const RESIDUAL = [
  node('Conv', 'x w1', 't1'),
  node('BatchNormalization', 't1 s b m v', 't2'),
  node('Relu', 't2', 't3'),
  node('Conv', 't3 w2', 't4'),
  node('BatchNormalization', 't4 s b m v', 't5'),
  node('Add', 't5 x', 't6'),
  node('Relu', 't6', 't7'),
];

describe('fusedSets', () => {
  it('finds what lies between the inputs and the output of a kernel that keeps its tensors', () => {
    const sets = fusedSets(RESIDUAL, [
      kernel('', 'FusedConv', 'x w1 b1', 't3', 'Relu'),
      kernel('', 'Conv', 't3 w2 b2', 't5'),
      kernel('', 'Add', 't5 x', 't6'),
      kernel('', 'Relu', 't6', 't7'),
    ]);
    expect(sets).toEqual([[0, 1, 2], [3, 4], [5], [6]]);
  });

  it('goes on over the addition and the activation that a blocked convolution took in', () => {
    const sets = fusedSets(RESIDUAL, [
      kernel('ReorderInput', 'ReorderInput', 'x', 'reorder_token_0'),
      kernel('t3_nchwc', 'Conv', 'reorder_token_0 w1 b1', 'reorder_token_1', 'Relu'),
      kernel('t5_nchwc', 'Conv', 'reorder_token_1 w2 b2 reorder_token_0', 'reorder_token_2', 'Relu'),
      kernel('ReorderOutput', 'ReorderOutput', 'reorder_token_2', 't7'),
    ]);
    expect(sets).toEqual([[], [0, 1, 2], [3, 4, 5, 6], []]);
  });

  it('knows a norm that runs as a depthwise convolution, and an op of blocked data by what it reads', () => {
    const nodes = [
      node('Conv', 'x w1', 'a'),
      node('Concat', 'a x', 'c'),
      node('BatchNormalization', 'c s b m v', 'n'),
      node('Relu', 'n', 'r'),
    ];
    const sets = fusedSets(nodes, [
      kernel('ReorderInput', 'ReorderInput', 'x', 'reorder_token_0'),
      kernel('a_nchwc', 'Conv', 'reorder_token_0 w1', 'reorder_token_1'),
      kernel('', 'Concat', 'reorder_token_1 reorder_token_0', 'reorder_token_2'),
      kernel('n_bn_nchwc', 'Conv', 'reorder_token_2 w b', 'reorder_token_3', 'Relu'),
      kernel('ReorderOutput', 'ReorderOutput', 'reorder_token_3', 'r'),
    ]);
    expect(sets).toEqual([[], [0], [1], [2, 3], []]);
  });

  it('gives one kernel with two outputs both nodes', () => {
    const nodes = [node('Slice', 'x 0 4', 'a'), node('Slice', 'x 4 8', 'b')];
    const split: KernelNode = { name: '', op: 'Split', inputs: ['x'], outputs: ['a', 'b'] };
    expect(fusedSets(nodes, [split])).toEqual([[0, 1]]);
  });

  it('puts every node into one kernel at most, also where a value is computed twice', () => {
    const sets = fusedSets(RESIDUAL, [
      kernel('', 'Conv', 'x w1', 't7'),
      kernel('', 'Conv', 'x w1', 't3'),
      kernel('', 'Relu', 't6', 't7'),
    ]);
    const all = sets.flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('follows a float16 file through the casts to float32 that the runtime puts in', () => {
    const nodes = [node('Conv', 'x w', 'a'), node('Relu', 'a', 'b'), node('Conv', 'b w2', 'c'), node('Relu', 'c', 'y')];
    const sets = fusedSets(nodes, [
      kernel('InsertedPrecisionFreeCast_x', 'Cast', 'x', 'InsertedPrecisionFreeCast_x'),
      kernel('ReorderInput', 'ReorderInput', 'InsertedPrecisionFreeCast_x', 'reorder_token_3'),
      kernel('InsertedPrecisionFreeCast_b_nchwc', 'Conv', 'reorder_token_3 reorder', 'reorder_token_4', 'Relu'),
      kernel('InsertedPrecisionFreeCast_y_nchwc', 'Conv', 'reorder_token_4 reorder_5', 'reorder_token_6', 'Relu'),
      kernel('ReorderOutput', 'ReorderOutput', 'reorder_token_6', 'InsertedPrecisionFreeCast_y'),
      kernel('InsertedPrecisionFreeCast_y', 'Cast', 'InsertedPrecisionFreeCast_y', 'y'),
    ]);
    expect(sets).toEqual([[], [], [0, 1], [2, 3], [], []]);
  });

  it('gives an activation that was fused of several nodes these nodes, and the next kernel none of them', () => {
    const nodes = [
      node('Conv', 'x w', 'a'),
      node('Sigmoid', 'a', 's'),
      node('Mul', 'a s', 'm'),
      // A scale by a weight is of the same op as the end of the activation.
      node('Mul', 'm gamma', 'g'),
      node('Conv', 'g w2', 'c'),
      node('Div', 'c root', 'd'),
      node('Erf', 'd', 'e'),
      node('Add', 'e one', 'p'),
      node('Mul', 'c p', 'q'),
      node('Mul', 'q half', 'h'),
      node('GlobalAveragePool', 'h', 'y'),
    ];
    const sets = fusedSets(nodes, [
      kernel('a_nchwc', 'Conv', 'x reorder', 'token_0'),
      kernel('QuickGeluFusion', 'QuickGelu', 'token_0', 'token_1'),
      kernel('', 'Mul', 'token_1 gamma', 'token_2'),
      kernel('c_nchwc', 'Conv', 'token_2 reorder_2', 'token_3'),
      kernel('Gelu', 'Gelu', 'token_3', 'token_4'),
      kernel('y_nchwc', 'GlobalAveragePool', 'token_4', 'token_5'),
      kernel('ReorderOutput', 'ReorderOutput', 'token_5', 'y'),
    ]);
    expect(sets).toEqual([[0], [1, 2], [3], [4], [5, 6, 7, 8, 9], [10], []]);
  });

  it('gives a copy at the end no time of the activation before it', () => {
    const nodes = [node('Conv', 'x w', 'a'), node('Swish', 'a', 'y')];
    const sets = fusedSets(nodes, [
      kernel('a_nchwc', 'Conv', 'x reorder', 'token_0'),
      kernel('/QuickGeluFusion/', 'QuickGelu', 'token_0', 'token_1'),
      kernel('ReorderOutput', 'ReorderOutput', 'token_1', 'y'),
    ]);
    expect(sets).toEqual([[0], [1], []]);
  });

  it('steps over a product with 1 that is left out, and over transposes and reshapes around a kernel', () => {
    const nodes = [
      node('Conv', 'x w', 'a'),
      node('Mul', 'a one', 'b'),
      node('Concat', 'b x', 'c'),
      node('Transpose', 'c', 't'),
      node('MatMul', 't w2', 'm'),
      node('Add', 'm bias', 'y'),
    ];
    const sets = fusedSets(nodes, [
      kernel('a_nchwc', 'Conv', 'x reorder', 'token_0'),
      kernel('ReorderInput', 'ReorderInput', 'x', 'token_1'),
      kernel('', 'Concat', 'token_0 token_1', 'token_2'),
      kernel('ReorderOutput', 'ReorderOutput', 'token_2', 't'),
      kernel('', 'Reshape', 't shape', 'gemm_input'),
      kernel('', 'Gemm', 'gemm_input w2 bias', 'gemm_output'),
      kernel('', 'Reshape', 'gemm_output shape_2', 'y'),
    ]);
    expect(sets).toEqual([[0], [], [1, 2], [3], [], [4, 5], []]);
  });

  it('takes the addition that reads what is added, where two read the result', () => {
    const nodes = [node('Conv', 'x w', 'a'), node('Add', 'a other', 'n'), node('Add', 'a x', 'y')];
    const sets = fusedSets(nodes, [kernel('a_nchwc', 'Conv', 'x reorder bias x', 'token_0')]);
    expect(sets).toEqual([[0, 2]]);
  });

  it('finds a quantised convolution between two transposes', () => {
    expect(fusedSets(QUANTISED, QUANTISED_KERNELS)).toEqual([[0], [], [1, 2, 3, 4], [], [5]]);
  });

  it('joins the product of queries, keys and values, whose reshape is one with that behind it', () => {
    const nodes = [
      node('LayerNormalization', 'x s b', 'n'),
      node('MatMul', 'n w', 'm'),
      node('Add', 'bias m', 'a'),
      node('Reshape', 'a shape', 'r'),
      node('Transpose', 'r', 't'),
      { op: 'Split', inputs: ['t', 'sizes'], outputs: ['q', 'k', 'v'] },
      node('MatMul', 'q k', 'p'),
      node('MatMul', 'p v', 'y'),
    ];
    const sets = fusedSets(nodes, [
      kernel('', 'LayerNormalization', 'x s b', 'n'),
      kernel('', 'Reshape', 'n gemm_input_shape', 'gemm_input'),
      kernel('m/MatMulAddFusion', 'Gemm', 'gemm_input w bias', 'gemm_output'),
      kernel('', 'Reshape', 'gemm_output new_shape', 'r'),
      { name: '', op: 'Split', inputs: ['r', 'sizes'], outputs: ['s0', 's1', 's2'] },
      kernel('', 'Transpose', 's0', 'q'),
      kernel('', 'Transpose', 's1', 'k'),
      kernel('', 'Transpose', 's2', 'v'),
      kernel('', 'MatMul', 'q k', 'p'),
      kernel('', 'MatMul', 'p v', 'y'),
    ]);
    expect([sets[0], sets[2], sets[8], sets[9]]).toEqual([[0], [1, 2], [6], [7]]);
    expect(sets.flat().sort()).toEqual([...nodes.keys()]);
  });

  it('finds a convolution behind an addition that the runtime put before two transposes', () => {
    const nodes = [
      node('Transpose', 'x', 'xt'),
      node('Transpose', 'z', 'zt'),
      node('Add', 'xt zt', 's'),
      node('Conv', 's w', 'c'),
      node('Transpose', 'c', 'y'),
    ];
    const sets = joined.fusedSets(
      nodes,
      [
        kernel('', 'Add', 'x z', 'made'),
        kernel('', 'ReorderInput', 'made', 'token_0'),
        kernel('c_nchwc', 'Conv', 'token_0 reorder', 'token_1'),
        kernel('', 'ReorderOutput', 'token_1', 'y'),
      ],
      ['x', 'z'],
    );
    expect(sets).toEqual([[0, 1, 2], [], [3], [4]]);
  });

  it('joins a reduction behind a split whose transposes the runtime moved', () => {
    const nodes = [
      node('Transpose', 'x', 'xt'),
      { ...node('Split', 'xt', ''), outputs: ['q', 'k'] },
      node('Squeeze', 'k one', 'ks'),
      node('ReduceL2', 'ks axes', 'r'),
      node('Div', 'ks r', 'y'),
      node('Relu', 'q', 'z'),
    ];
    const sets = joined.fusedSets(
      nodes,
      [
        { ...kernel('', 'Split', 'x', ''), outputs: ['Split', 'Split_token_1'] },
        kernel('', 'Transpose', 'Split', 'q'),
        kernel('', 'Squeeze', 'Split_token_1 moved_one', 'Squeeze'),
        kernel('', 'Transpose', 'Squeeze', 'ks'),
        kernel('', 'ReduceL2', 'Squeeze moved_axes', 'ReduceL2'),
        kernel('', 'Transpose', 'ReduceL2', 'r'),
        kernel('', 'Div', 'ks r', 'y'),
        kernel('', 'Relu', 'q', 'z'),
      ],
      ['x'],
    );
    expect(sets).toEqual([[0, 1], [], [], [2], [3], [], [4], [5]]);
  });

  it('leaves a transpose to the kernel that runs it, though another reads what is before it', () => {
    const nodes = [node('Transpose', 'x', 'xt'), node('ReduceL2', 'xt axes', 'r'), node('Div', 'xt r', 'y')];
    const sets = joined.fusedSets(
      nodes,
      [
        kernel('', 'ReduceL2', 'x moved_axes', 'ReduceL2'),
        kernel('', 'Transpose', 'ReduceL2', 'r'),
        kernel('', 'Transpose', 'x', 'xt'),
        kernel('', 'Div', 'xt r', 'y'),
      ],
      ['x'],
    );
    expect(sets).toEqual([[1], [], [0], [2]]);
  });

  it('gives a product its node where the runtime computes an operand once that the file computes twice', () => {
    const nodes = [
      node('Conv', 'x w', 'c'),
      node('Tile', 'c times', 'one'),
      node('Tile', 'c times', 'two'),
      node('MatMul', 'one k', 'p'),
      node('MatMul', 'two p', 'y'),
    ];
    const sets = fusedSets(nodes, [
      kernel('', 'Conv', 'x w', 'c'),
      kernel('', 'Tile', 'c times', 'one'),
      kernel('', 'MatMul', 'one k', 'p'),
      kernel('', 'FusedMatMul', 'one p', 'y'),
    ]);
    expect(sets).toEqual([[0], [1], [3], [4]]);
  });

  it('gives both kernels of a HardSwish its node, and the convolution behind them its own', () => {
    const nodes = [node('Conv', 'x w', 'a'), node('HardSwish', 'a', 'h'), node('Conv', 'h w2', 'y')];
    const sets = fusedSets(nodes, [
      kernel('a_nchwc', 'Conv', 'x reorder', 'token_0'),
      kernel('', 'HardSigmoid', 'token_0', 'token_1'),
      kernel('', 'Mul', 'token_0 token_1', 'token_2'),
      kernel('y_nchwc', 'Conv', 'token_2 reorder_2', 'token_3'),
      kernel('', 'ReorderOutput', 'token_3', 'y'),
    ]);
    expect(sets).toEqual([[0], [1], [1], [2], []]);
  });

  /** Behind a convolution, and before another whose node has to be found. */
  const between = (op: string, middle: readonly FileNode[], others = ''): readonly (readonly number[])[] =>
    fusedSets(
      [node('Conv', 'x w', 'a'), ...middle, node('Conv', 'end w2', 'y')],
      [
        kernel('a_nchwc', 'Conv', 'x reorder', 'token_0'),
        kernel('', op, `token_0${others}`, 'token_1'),
        kernel('', 'Conv', 'token_1 w2', 'token_2'),
        kernel('', 'ReorderOutput', 'token_2', 'y'),
      ],
    );
  const erf = (from: string): readonly FileNode[] => [
    node('Div', `${from} root`, 'd'),
    node('Erf', 'd', 'e'),
    node('Add', 'e one', 'p'),
    node('Mul', `${from} p`, 'q'),
    node('Mul', 'q half', 'end'),
  ];
  const tanh = (from: string): readonly FileNode[] => [
    node('Pow', `${from} three`, 'c'),
    node('Mul', 'c small', 'd'),
    node('Add', `${from} d`, 'e'),
    node('Mul', 'e root', 'f'),
    node('Tanh', 'f', 't'),
    node('Add', 't one', 'p'),
    node('Mul', `${from} half`, 'h'),
    node('Mul', 'h p', 'end'),
  ];
  const cubed = (from: string): readonly FileNode[] => [
    node('Mul', `${from} ${from}`, 'b'),
    node('Mul', `${from} b`, 'c'),
    ...tanh(from).slice(1),
  ];
  const bias = node('Add', 'a bias', 'z');
  it.each<[string, readonly FileNode[], string]>([
    ['Gelu', erf('a'), ''],
    ['BiasGelu', [bias, ...erf('z')], ' bias'],
    ['BiasGelu', [bias, node('Gelu', 'z', 'end')], ' bias'],
    ['FastGelu', tanh('a'), ''],
    ['FastGelu', cubed('a'), ''],
    ['FastGelu', [node('Gelu', 'a', 'end')], ''],
    ['FastGelu', [bias, ...tanh('z')], ' bias'],
    ['FastGelu', [bias, ...cubed('z')], ' bias'],
    ['HardSwish', [node('HardSigmoid', 'a', 'h'), node('Mul', 'a h', 'end')], ''],
    [
      'HardSwish',
      [
        node('Add', 'a three', 'b'),
        node('Clip', 'b zero six', 'c'),
        node('Mul', 'a c', 'd'),
        node('Div', 'd six', 'end'),
      ],
      '',
    ],
  ])('knows the nodes of %s', (op, middle, others) => {
    const all = [...middle.keys()].map((i) => i + 1);
    expect(between(op, middle, others)).toEqual([[0], all, [middle.length + 1], []]);
    // What another node reads is computed apart, so that no kernel has it inside.
    const read = [...middle, node('Relu', middle[0]!.outputs[0]!, 'other')];
    if (middle.length > 1) expect(between(op, read, others)[1]).toEqual([]);
  });

  it('never gives nodes to a kernel behind one that cannot be told, nor a convolution to a copy', () => {
    const nodes = [
      node('Conv', 'x w', 'a'),
      node('Softplus', 'a', 'b'),
      node('Conv', 'b w2', 'c'),
      node('Relu', 'c', 'r'),
      node('Add', 'r x', 'y'),
    ];
    const sets = fusedSets(nodes, [
      kernel('a_nchwc', 'Conv', 'x reorder', 'token_0'),
      kernel('', 'Unheard', 'token_0', 'token_1'),
      kernel('made', 'Conv', 'token_1 reorder_2', 'token_2', 'Relu'),
      // The image is an input of it, and so the convolutions lead from an input to its output.
      kernel('', 'Add', 'token_2 x', 'y'),
    ]);
    expect(sets).toEqual([[0], [], [], [4]]);
    expect(fusedSets(nodes.slice(0, 1), [kernel('', 'Identity', 'x', 'a')])).toEqual([[]]);
  });
});

const QUANTISED = [
  node('QuantizeLinear', 'x sc zp', 'xq'),
  node('DequantizeLinear', 'xq sc zp', 'xd'),
  node('DequantizeLinear', 'wq ws wz', 'wd'),
  node('Conv', 'xd wd', 'c'),
  node('QuantizeLinear', 'c sc zp', 'cq'),
  node('DequantizeLinear', 'cq sc zp', 'y'),
];
const QUANTISED_KERNELS = [
  kernel('', 'QuantizeLinear', 'x sc zp', 'xq'),
  kernel('Transpose', 'Transpose', 'xq', 'Transpose_out0'),
  kernel('_token_2', 'QLinearConv', 'Transpose_out0 sc zp wq ws wz sc zp', '_token_1'),
  kernel('Transpose_token_0', 'Transpose', '_token_1', 'cq'),
  kernel('', 'DequantizeLinear', 'cq sc zp', 'y'),
];

describe('profileOf', () => {
  const profile = (kernels: readonly KernelNode[]) => {
    const timed = kernels.map(({ name, op }) => ({ name, op, provider: 'CPUExecutionProvider', ms: 1, elements: 1 }));
    return profileOf(
      [{ whole: 9, kernels: timed }],
      kernels,
      { origin: { nodes: () => QUANTISED, stands: new Map([['c', ['conv']]]) }, inputs: ['x'] },
      { clock: 'host', times: [kernels.map(() => 1)], wholes: [9] },
    );
  };

  it('has no doubt where each kernel of a product has its nodes', () => {
    const { kernels, doubt } = profile(QUANTISED_KERNELS);
    expect(doubt).toBeNull();
    expect(kernels.map(({ nodes }) => nodes)).toEqual([[], [], ['conv'], [], []]);
  });

  it('gives no layer a time where a kernel of a product has none', () => {
    const lost = QUANTISED_KERNELS.map((one) => (one.op === 'Transpose' ? { ...one, op: 'Unheard' } : one));
    const found = profile(lost);
    expect(found.doubt).toBe(
      'it is not known which layers the kernel "_token_2" (QLinearConv) of ONNX Runtime stands for, so no layer is given a time',
    );
    const graph = graphOf(builtIn('resnet18'));
    expect(layerTimesOf(graph, found, 0)).toEqual({ clock: null, reason: found.doubt });
    // What the kernels are stays known, and so does where they ran.
    expect(asRun(found, 'cpu').steps).toHaveLength(5);
  });

  it('joins kernels that share a name to no node where their order does not tell', () => {
    const twice = [kernel('same', 'Relu', 'x', 'a'), kernel('same', 'Relu', 'a', 'y')];
    const timed = [{ name: 'same', op: 'Relu', provider: 'CPUExecutionProvider', ms: 1, elements: 1 }];
    const origin = {
      nodes: () => [node('Relu', 'x', 'a'), node('Relu', 'a', 'y')],
      stands: new Map([['y', ['last']]]),
    };
    const times = { clock: 'host', times: [[1]], wholes: [1] } as const;
    const found = profileOf([{ whole: 1, kernels: timed }], twice, { origin, inputs: ['x'] }, times);
    expect(found.kernels[0]!.nodes).toEqual([]);
  });
});
