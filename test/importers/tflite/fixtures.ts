// Small TFLite files that tests read: one for each part of the reader.

import { TfliteDraft } from './network.js';

const conv = { padding: 0, strideW: 1, strideH: 1, fused: 0 };

/** CONV_2D with stride 2 and ReLU6, DEPTHWISE_CONV_2D, MEAN, FULLY_CONNECTED, SOFTMAX; the batch is open. */
export function classifier(): Uint8Array {
  const file = new TfliteDraft();
  const net = file.subgraph();
  const x = net.tensor('serving_default_x:0', [1, 17, 15, 3], { signature: [-1, 17, 15, 3] });
  const stem = net.tensor('net/stem_act/Relu6;net/stem/BiasAdd;net/stem/Conv2D', [1, 9, 8, 8]);
  const deep = net.tensor('net/block1_dw/depthwise', [1, 9, 8, 16]);
  const pooled = net.tensor('net/pool/Mean', [1, 16]);
  const logits = net.tensor('net/head/MatMul;net/head/BiasAdd', [1, 10]);
  const y = net.tensor('StatefulPartitionedCall:0', [1, 10]);
  const [w, b] = [net.constant('w', [8, 3, 3, 3]), net.constant('b', [8])];
  const options = { ...conv, strideW: 2, strideH: 2, fused: 3 };
  net.op('CONV_2D', [x, w, b], [stem], ['Conv2D', options]);
  const [dw, db] = [net.constant('dw', [1, 3, 3, 16]), net.constant('db', [16])];
  net.op('DEPTHWISE_CONV_2D', [stem, dw, db], [deep], ['DepthwiseConv2D', { ...conv, multiplier: 2 }]);
  net.op('MEAN', [deep, net.list('axes', [1, 2])], [pooled], ['Reducer', { keep: 0 }]);
  const [fw, fb] = [net.constant('fw', [10, 16]), net.constant('fb', [10])];
  net.op('FULLY_CONNECTED', [pooled, fw, fb], [logits], ['FullyConnected', {}]);
  net.op('SOFTMAX', [logits], [y]);
  return file.add(net, [x], [y]).bytes();
}

/**
 * Dense layers on the last side, as Keras exports them: SHAPE, STRIDED_SLICE, REDUCE_PROD, GATHER, PACK and
 * CONCATENATION make the sides, and every stored shape behind an open side says 1.
 */
export function dynamicDense(): Uint8Array {
  const file = new TfliteDraft();
  const net = file.subgraph();
  const open = { signature: [-1, 6, 4] };
  const x = net.tensor('x', [1, 6, 4], open);
  const shape = net.tensor('shape', [3], { type: 'i32' });
  net.op('SHAPE', [x], [shape]);
  const front = net.tensor('front', [2], { type: 'i32' });
  net.op('GATHER', [shape, net.list('places', [0, 1])], [front], ['Gather', { axis: 0 }]);
  const rows = net.tensor('rows', [], { type: 'i32' });
  net.op('REDUCE_PROD', [front, net.list('zero', [0])], [rows], ['Reducer', {}]);
  const flat = net.tensor('flat', [2], { type: 'i32' });
  const four = net.constant('four', [], { type: 'i32', items: [4] });
  net.op('PACK', [rows, four], [flat], ['Pack', { count: 2 }]);
  const matrix = net.tensor('matrix', [1, 4], { signature: [-1, 4] });
  net.op('RESHAPE', [x, flat], [matrix]);
  const product = net.tensor('product', [1, 5], { signature: [-1, 5] });
  net.op('FULLY_CONNECTED', [matrix, net.constant('w', [5, 4]), -1], [product], ['FullyConnected', {}]);
  const sides = net.tensor('sides', [3], { type: 'i32' });
  net.op('CONCATENATION', [front, net.list('five', [5])], [sides], ['Concatenation', { axis: 0 }]);
  const y = net.tensor('y', [1, 1, 5], { signature: [-1, -1, 5] });
  net.op('RESHAPE', [product, sides], [y]);
  const batch = net.tensor('batch', [], { type: 'i32' });
  const masks = ['StridedSlice', { shrink: 1 }] as const;
  net.op('STRIDED_SLICE', [shape, net.list('a', [0]), net.list('b', [1]), net.list('c', [1])], [batch], masks);
  const last = net.tensor('last', [2], { type: 'i32' });
  const rest = net.constant('rest', [], { type: 'i32', items: [30] });
  net.op('PACK', [batch, rest], [last], ['Pack', { count: 2 }]);
  const z = net.tensor('z', [1, 30], { signature: [-1, 30] });
  net.op('RESHAPE', [y, last], [z]);
  return file.add(net, [x], [z]).bytes();
}

/** A loop that convolves as often as its counter says, and a branch. */
export function loops(times = 3, condition = 1): Uint8Array {
  const file = new TfliteDraft();
  const net = file.subgraph();
  const x = net.tensor('x', [1, 6, 6, 2]);
  const start = net.constant('start', [], { type: 'i32', items: [0] });
  const [count, looped] = [net.tensor('count', [], { type: 'i32' }), net.tensor('looped', [1, 6, 6, 2])];
  net.op('WHILE', [start, x], [count, looped], ['While', { condition: 1, body: 2 }]);
  const y = net.tensor('y', [1, 6, 6, 2]);
  const test = net.constant('test', [1], { type: 'bool', items: [condition] });
  net.op('IF', [test, looped], [y], ['If', { then: 3, otherwise: 4 }]);
  file.add(net, [x], [y]);

  const again = file.subgraph('again');
  const [i, state] = [again.tensor('i', [], { type: 'i32' }), again.tensor('state', [1, 6, 6, 2])];
  const more = again.tensor('more', [], { type: 'bool' });
  again.op('LESS', [i, again.constant('times', [], { type: 'i32', items: [times] })], [more]);
  file.add(again, [i, state], [more]);

  const body = file.subgraph('body');
  const [j, inner] = [body.tensor('i', [], { type: 'i32' }), body.tensor('state', [1, 6, 6, 2])];
  const [next, made] = [body.tensor('next', [], { type: 'i32' }), body.tensor('made', [1, 6, 6, 2])];
  body.op('ADD', [j, body.constant('one', [], { type: 'i32', items: [1] })], [next], ['Add', {}]);
  body.op('CONV_2D', [inner, body.constant('w', [2, 3, 3, 2]), -1], [made], ['Conv2D', { ...conv, fused: 1 }]);
  file.add(body, [j, inner], [next, made]);

  for (const op of ['TANH', 'LOGISTIC']) {
    const branch = file.subgraph(op);
    const [given, done] = [branch.tensor('given', [1, 6, 6, 2]), branch.tensor('done', [1, 6, 6, 2])];
    branch.op(op, [given], [done]);
    file.add(branch, [given], [done]);
  }
  return file.bytes();
}

/** int8 with one scale for each channel, a float16 weight behind DEQUANTIZE, a custom operator, a transposed convolution. */
export function mixed(): Uint8Array {
  const file = new TfliteDraft();
  const net = file.subgraph();
  const x = net.tensor('x', [1, 8, 8, 3], { type: 'i8', scales: 1 });
  const [w, b] = [
    net.constant('w', [6, 3, 3, 3], { type: 'i8', scales: 6 }),
    net.constant('b', [6], { type: 'i32', scales: 6 }),
  ];
  const first = net.tensor('first', [1, 8, 8, 6], { type: 'i8', scales: 1 });
  net.op('CONV_2D', [x, w, b], [first], ['Conv2D', conv]);
  const real = net.tensor('real', [1, 8, 8, 6]);
  net.op('DEQUANTIZE', [first], [real]);
  const own = net.tensor('own', [1, 8, 8, 6]);
  net.op('CUSTOM:FlexOwn', [real], [own]);
  const half = net.constant('half', [4, 2, 2, 6], { type: 'f16' });
  const single = net.tensor('single', [4, 2, 2, 6]);
  net.op('DEQUANTIZE', [half], [single]);
  const y = net.tensor('y', [1, 16, 16, 4]);
  const sides = net.list('sides', [1, 16, 16, 4]);
  net.op('TRANSPOSE_CONV', [sides, single, own], [y], ['TransposeConv', { ...conv, strideW: 2, strideH: 2 }]);
  return file.add(net, [x], [y]).bytes();
}

/** Two heads of attention on [1, 4, 4, 6]: products of matrices whose first sides are not those of images. */
export function attention(): Uint8Array {
  const file = new TfliteDraft();
  const net = file.subgraph();
  const x = net.tensor('x', [1, 4, 4, 6]);
  const tokens = net.tensor('tokens', [1, 16, 2, 3]);
  net.op('RESHAPE', [x, net.list('sides', [1, 16, 2, 3])], [tokens]);
  const heads = net.tensor('heads', [1, 2, 16, 3]);
  net.op('TRANSPOSE', [tokens, net.list('order', [0, 2, 1, 3])], [heads]);
  const scores = net.tensor('scores', [1, 2, 16, 16]);
  net.op('BATCH_MATMUL', [heads, heads], [scores], ['BatchMatMul', { adjY: 1 }]);
  const shares = net.tensor('shares', [1, 2, 16, 16]);
  net.op('SOFTMAX', [scores], [shares]);
  const mixed = net.tensor('mixed', [1, 2, 16, 3]);
  net.op('BATCH_MATMUL', [shares, heads], [mixed], ['BatchMatMul', {}]);
  const back = net.tensor('back', [1, 16, 2, 3]);
  net.op('TRANSPOSE', [mixed, net.list('again', [0, 2, 1, 3])], [back]);
  const y = net.tensor('y', [1, 4, 4, 6]);
  net.op('RESHAPE', [back, net.list('image', [1, 4, 4, 6])], [y]);
  const added = net.tensor('added', [1, 4, 4, 6]);
  net.op('ADD', [x, y], [added], ['Add', {}]);
  return file.add(net, [x], [added]).bytes();
}

export const fixtures = (): readonly Uint8Array[] => [classifier(), dynamicDense(), loops(), mixed(), attention()];
