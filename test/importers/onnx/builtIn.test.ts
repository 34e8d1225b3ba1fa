// Is a network that is built in, exported by PyTorch and imported again the same network?

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../../../src/builtIn.js';
import { readOnnx } from '../../../src/importers/onnx/readOnnx.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { graphOf } from '../../../src/model.js';
import { profile, type Layer, type Profile } from '../../../src/profile.js';

const imported = (file: string, n?: number, size?: readonly [number, number, number]): Profile => {
  const path = `fixtures/golden/onnx/${file}.onnx`;
  return profile(graphOf(readOnnx(bytesSource(readFileSync(path)), path), n, size), { source: 'onnx' });
};

/** All but the name: convolutions and linear layers stand in the same order of execution. */
const facts = (layers: readonly Layer[]) =>
  layers
    .filter(({ multAdds }) => multAdds > 0)
    .map(
      ({
        op,
        inShape,
        outShape,
        kernel,
        stride,
        padding,
        dilation,
        groups,
        multAdds,
        balance,
        memoryAccessUnfused,
      }) => ({
        ...{ op, inShape, outShape, kernel, stride, padding, dilation, groups, multAdds, balance, memoryAccessUnfused },
      }),
    );

describe('with its batch norms it has the same totals, to the last element', () => {
  test.each([
    ['resnet50.op17.bn.ext', 'resnet50'],
    ['resnet50.op17.noparams', 'resnet50'],
    ['shufflenet_v2_x1_0.op17.bn.ext', 'shufflenet_v2_x1_0'],
    ['squeezenet1_1.op17.folded.ext', 'squeezenet1_1'],
  ])('%s is %s', (file, name) => {
    const [ours, own] = [imported(file), profile(graphOf(builtIn(name)))];
    expect(ours.totals).toEqual(own.totals);
    expect(facts(ours.layers)).toEqual(facts(own.layers));
  });
});

describe('where its batch norms were folded, they are all that is missing', () => {
  test.each([
    ['resnet50.op17.folded.ext', 'resnet50'],
    ['mobilenet_v2.op17.folded.ext', 'mobilenet_v2'],
    ['vgg16_bn.op13.folded.ext', 'vgg16_bn'],
    ['ese_vovnet39b.op17.folded.ext', 'ese_vovnet39b'],
    ['shufflenet_v2_x0_5.op17.folded.stripped', 'shufflenet_v2_x0_5'],
  ])('%s is %s', (file, name) => {
    const [ours, own] = [imported(file), profile(graphOf(builtIn(name)))];
    const norms = own.layers.filter(({ op }) => op === 'batchNorm');
    const sum = (pick: (layer: Layer) => number): number => norms.reduce((all, layer) => all + pick(layer), 0);
    expect(facts(ours.layers)).toEqual(facts(own.layers));
    // A scale goes into the weights, a shift becomes the bias of a convolution that had none.
    const folded = sum(({ params }) => params) / 2;
    const biased = own.layers.filter(
      ({ op, bias, outShape }, i) =>
        op === 'conv' && bias === true && own.layers[i + 1]?.op === 'batchNorm' && outShape.length === 4,
    );
    const had = biased.reduce((all, { outShape }) => all + outShape[1]!, 0);
    expect(ours.totals).toEqual({
      ...own.totals,
      params: own.totals.params - folded - had,
      flops: own.totals.flops - sum(({ flops }) => flops),
      ops: own.totals.ops - norms.length,
      memoryAccess: {
        ...own.totals.memoryAccess,
        unfused: own.totals.memoryAccess.unfused - sum(({ memoryAccessUnfused }) => memoryAccessUnfused),
        fused: own.totals.memoryAccess.fused - sum(({ memoryAccessFused }) => memoryAccessFused),
      },
    });
  });
});

describe('where our graph has nodes that an exporter drops, convolutions and linear layers are the same', () => {
  test.each([
    // A dense block's first layer joins one input, which PyTorch's exporter leaves out.
    ['densenet121.op13.bn.ext', 'densenet121', false],
    // The authors' code adds the input to two of its modules, timm's does not.
    ['vovnet39a.op13.folded.ext', 'vovnet39', true],
  ])('%s is %s', (file, name, folded) => {
    const [ours, own] = [imported(file), profile(graphOf(builtIn(name)))];
    expect(facts(ours.layers)).toEqual(facts(own.layers));
    const norms = own.layers.filter(({ op }) => op === 'batchNorm').reduce((all, { params }) => all + params, 0);
    expect(ours.totals.params).toBe(own.totals.params - (folded ? norms / 2 : 0));
    expect(ours.totals.memoryAccess.conv).toBe(own.totals.memoryAccess.conv);
  });
});

describe('what the file leaves open is what is asked for', () => {
  test('the batch', () => {
    const [ours, static_] = [
      imported('ese_vovnet39b.op17.folded.dynbatch.ext', 1),
      imported('ese_vovnet39b.op17.folded.ext'),
    ];
    expect(ours.totals).toEqual(static_.totals);
    expect(imported('ese_vovnet39b.op17.folded.dynbatch.ext', 3).totals.multAdds).toBe(3 * static_.totals.multAdds);
  });

  test('batch, height and width', () => {
    const file = 'mobilenet_v2.op17.folded.dynhw.ext';
    expect(imported(file).totals).toEqual(imported('mobilenet_v2.op17.folded.ext').totals);
    expect(imported(file, 2, [3, 320, 256]).totals.multAdds).toBe(980_500_480);
  });
});
