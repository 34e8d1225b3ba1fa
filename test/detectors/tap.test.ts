// Is a backbone read where its authors read it? The last whole map of each stride, never inside a block or behind the pool.

import { expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { Builder } from '../../src/builder.js';
import { show } from '../../src/dim/text.js';
import { tapsOf } from '../../src/detectors/tap.js';
import type { Graph } from '../../src/graph.js';

const taps = (graph: Graph): readonly string[] =>
  tapsOf(graph).map(({ stride, node }) => `${stride} ${node.name} ${show(node.shape[1]!)}`);
const of = (name: string, side = 320): readonly string[] => taps(builtIn(name).build([1, 3, side, side]));

it.each([
  // The strided block's first 1x1 runs at the finer resolution, but a shortcut passes it by.
  [
    'resnet50',
    ['2 relu 64', '4 layer1.2.relu 256', '8 layer2.3.relu 512', '16 layer3.5.relu 1024', '32 layer4.2.relu 2048'],
  ],
  // The 1x1 of a transition stands before its pool.
  [
    'densenet121',
    [
      '2 features.relu0 64',
      '4 features.transition1.conv 128',
      '8 features.transition2.conv 256',
      '16 features.transition3.conv 512',
      '32 features.relu5 1024',
    ],
  ],
  // conv4_3 and conv5_3, after their activation; then the last pool.
  [
    'vgg16',
    [
      '1 features.3 64',
      '2 features.8 128',
      '4 features.15 256',
      '8 features.22 512',
      '16 features.29 512',
      '32 features.30 512',
    ],
  ],
  // An expansion that a strided depthwise convolution reads is inside its block.
  [
    'mobilenet_v2',
    [
      '2 features.1.conv.2 16',
      '4 features.3.add 24',
      '8 features.6.add 32',
      '16 features.13.add 96',
      '32 features.18.2 1280',
    ],
  ],
  // Its classifier is a convolution.
  [
    'squeezenet1_1',
    ['2 features.1 64', '4 features.4.concat 128', '8 features.7.concat 256', '16 features.12.concat 512'],
  ],
])('%s', (name, expected) => {
  expect(of(name)).toEqual(expected);
});

it('a side that does not divide has the stride of the nearest power of two', () => {
  expect(of('vovnet39', 300).map((tap) => tap.split(' ')[0])).toEqual(
    of('vovnet39', 320).map((tap) => tap.split(' ')[0]),
  );
});

it('of several outputs the deepest decides', () => {
  const net = Builder.start();
  const fine = net.apply('conv', 'fine', net.input([1, 3, 16, 16]), { channels: 4, kernel: 1, stride: 2 });
  const coarse = net.apply('conv', 'coarse', fine, { channels: 8, kernel: 1, stride: 2 });
  expect(taps(net.finish('two', [fine, coarse]))).toEqual(['2 fine 4', '4 coarse 8']);
});
