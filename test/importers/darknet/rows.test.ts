// What is each section of a Darknet .cfg? Shapes, multiply-adds and parameters by the rules of its source, worked out by hand.

import { describe, expect, test } from 'vitest';
import { readDarknet } from '../../../src/importers/darknet/readDarknet.js';
import { graphOf } from '../../../src/model.js';
import { profile, type Profile } from '../../../src/profile.js';

const counted = (cfg: string, n = 1): Profile =>
  profile(graphOf(readDarknet(cfg, 'net.cfg'), n), { source: 'darknet' });

const NET = '[net]\nwidth=13\nheight=9\nchannels=4\n';

/** Output [C, H, W] of the last layer behind a 4 x 9 x 13 image, multiply-adds, parameters. */
type Known = readonly [cfg: string, out: readonly number[], multAdds: number, params: number];

const CASES: Readonly<Record<string, Known>> = {
  'defaults: one filter of 1x1, logistic, with a bias': ['[convolutional]', [1, 9, 13], 9 * 13 * 4, 5],
  'pad=1 is half of the kernel, whatever padding says': [
    '[conv]\nfilters=6\nsize=5\npad=1\npadding=7\nactivation=linear',
    [6, 9, 13],
    9 * 13 * 6 * 25 * 4,
    6 * 25 * 4 + 6,
  ],
  'padding counts where pad is 0, and sizes round down': [
    '[convolutional]\nfilters=2\nsize=3\nstride=2\npadding=2\nactivation=relu',
    [2, 6, 8],
    6 * 8 * 2 * 36,
    2 * 36 + 2,
  ],
  'a norm has the biases: gamma and beta': [
    '[convolutional]\nfilters=3\nbatch_normalize=1\nactivation=leaky',
    [3, 9, 13],
    9 * 13 * 3 * 4,
    12 + 6,
  ],
  'groups, and a stride for each side': [
    '[convolutional]\nfilters=8\ngroups=2\nsize=3\nstride_x=2\nstride_y=1\npad=1\nactivation=mish',
    [8, 9, 7],
    9 * 7 * 8 * 9 * 2,
    8 * 18 + 8,
  ],
  'a dilation keeps the size': [
    '[convolutional]\nfilters=1\nsize=3\ndilation=4\npad=1\nactivation=linear',
    [1, 9, 13],
    9 * 13 * 36,
    37,
  ],
  'antialiasing strides in a blur that has no parameters': [
    '[convolutional]\nfilters=2\nsize=3\npad=1\nstride=2\nantialiasing=1\nactivation=linear',
    [2, 5, 7],
    9 * 13 * 2 * 36 + 5 * 7 * 2 * 9,
    74,
  ],
  'maxpool: the padding of both ends is one less than the window': ['[maxpool]\nsize=2\nstride=1', [4, 9, 13], 0, 0],
  'maxpool of stride 2 rounds up for it': ['[maxpool]\nsize=2\nstride=2', [4, 5, 7], 0, 0],
  'maxpool without padding': ['[maxpool]\nsize=3\nstride=2\npadding=0', [4, 4, 6], 0, 0],
  'maxpool over channels': ['[maxpool]\nmaxpool_depth=1\nout_channels=2', [2, 9, 13], 0, 0],
  'local average pool': ['[local_avgpool]\nsize=3\nstride=3', [4, 3, 5], 0, 0],
  avgpool: ['[avgpool]', [4, 1, 1], 0, 0],
  'local: weights and biases at each place': [
    '[local]\nfilters=2\nsize=3\nstride=2\npad=1\nactivation=leaky',
    [2, 5, 7],
    5 * 7 * 2 * 36,
    5 * 7 * 2 * 36 + 2 * 5 * 7,
  ],
  deconvolutional: [
    '[deconvolutional]\nfilters=3\nsize=4\nstride=2\npadding=1\nactivation=linear',
    [3, 18, 26],
    9 * 13 * 4 * 3 * 16,
    4 * 3 * 16 + 3,
  ],
  'upsample doubles': ['[upsample]', [4, 18, 26], 0, 0],
  batchnorm: ['[batchnorm]', [4, 9, 13], 0, 8],
  'crop: from the middle': ['[crop]\ncrop_height=7\ncrop_width=8', [4, 7, 8], 0, 0],
  'route: negative numbers count back, and channels join': [
    '[convolutional]\nfilters=6\n[route]\nlayers=-1, 0',
    [12, 9, 13],
    9 * 13 * 24,
    30,
  ],
  'route of a group': [
    '[convolutional]\nfilters=6\n[route]\nlayers=-1\ngroups=3\ngroup_id=2',
    [2, 9, 13],
    9 * 13 * 24,
    30,
  ],
  'route of groups of several layers': [
    '[convolutional]\nfilters=6\n[route]\nlayers=0,-1\ngroups=2\ngroup_id=1',
    [6, 9, 13],
    9 * 13 * 24,
    30,
  ],
  'shortcut: the shape of the layer before, with fewer channels': [
    '[convolutional]\nfilters=6\n[convolutional]\nfilters=4\n[shortcut]\nfrom=0\nactivation=leaky',
    [4, 9, 13],
    9 * 13 * (24 + 24),
    30 + 28,
  ],
  'shortcut: with more channels, and every second row and column': [
    '[convolutional]\nfilters=6\nsize=2\n[convolutional]\nfilters=9\nsize=2\nstride=2\n[shortcut]\nfrom=0',
    [9, 4, 6],
    8 * 12 * 6 * 16 + 4 * 6 * 9 * 24,
    6 * 16 + 6 + 9 * 24 + 9,
  ],
  'shortcut: 9 rows for 5 are every row, of which the first 5 are added': [
    '[convolutional]\nfilters=4\n[convolutional]\nfilters=4\nsize=3\npad=1\nstride=2\n[shortcut]\nfrom=0',
    [4, 5, 7],
    9 * 13 * 16 + 5 * 7 * 144,
    20 + 148,
  ],
  'shortcut with a weight for each channel of each input': [
    '[convolutional]\nfilters=4\n[convolutional]\nfilters=4\n[shortcut]\nfrom=-2\nweights_type=per_channel',
    [4, 9, 13],
    2 * 9 * 13 * 16,
    40 + 8,
  ],
  'scale_channels: a factor for each channel of another layer': [
    '[convolutional]\nfilters=5\n[avgpool]\n[convolutional]\nfilters=5\n[scale_channels]\nfrom=0',
    [5, 9, 13],
    9 * 13 * 20 + 25,
    25 + 30,
  ],
  'sam: a factor for each element': [
    '[convolutional]\nfilters=4\n[convolutional]\nfilters=4\nactivation=logistic\n[sam]\nfrom=-2',
    [4, 9, 13],
    2 * 9 * 13 * 16,
    40,
  ],
  'implicit tensors of YOLOR': [
    '[convolutional]\nfilters=4\n[implicit_add]\nfilters=4\n[route]\nlayers=0\n[shift_channels]\nfrom=1',
    [4, 9, 13],
    9 * 13 * 16,
    24,
  ],
  'weights that an earlier layer has': [
    '[convolutional]\nfilters=4\nsize=3\npad=1\n[convolutional]\nfilters=4\nsize=3\npad=1\nshare_index=-1',
    [4, 9, 13],
    2 * 9 * 13 * 4 * 36,
    4 * 36 + 4,
  ],
  'what only scores or learns passes its input on': ['[dropout]\nprobability=.5\n[cost]\ntype=sse', [4, 9, 13], 0, 0],
  'rnn: a layer of the input, one of the state, one of their sum': [
    '[rnn]\nhidden=5\noutput=3\nactivation=leaky\nlogistic=1',
    [3, 1, 1],
    468 * 5 + 5 * 5 + 5 * 3,
    468 * 5 + 5 * 5 + 5 * 3 + (5 + 5 + 3),
  ],
  'rnn with norms, whose shifts are the biases, and a shortcut': [
    '[rnn]\nhidden=5\noutput=3\nactivation=leaky\nbatch_normalize=1\nshortcut=1',
    [3, 1, 1],
    468 * 5 + 5 * 5 + 5 * 3,
    468 * 5 + 5 * 5 + 5 * 3 + 2 * (5 + 5 + 3),
  ],
  'gru: three layers of the input, three of the state': [
    '[gru]\noutput=6',
    [6, 1, 1],
    3 * (468 * 6 + 36),
    3 * (468 * 6 + 36) + 6 * 6,
  ],
  'lstm: four layers of the input, four of the state': [
    '[lstm]\noutput=6\nbatch_normalize=1',
    [6, 1, 1],
    4 * (468 * 6 + 36),
    4 * (468 * 6 + 36) + 8 * 2 * 6,
  ],
  'crnn: three convolutions with the kernel of the section': [
    '[crnn]\nhidden=5\noutput=3\npad=1\nactivation=leaky',
    [3, 9, 13],
    9 * 13 * 9 * (20 + 25 + 15),
    9 * (20 + 25 + 15) + (5 + 5 + 3),
  ],
  'crnn in groups': [
    '[crnn]\nhidden=4\noutput=6\nsize=1\ngroups=2\nbatch_normalize=1',
    [6, 9, 13],
    9 * 13 * (8 + 8 + 12),
    8 + 8 + 12 + 2 * (4 + 4 + 6),
  ],
  'conv_lstm: four convolutions of the input, four of the state, and three of the cell': [
    '[conv_lstm]\noutput=5\npad=1\npeephole=1',
    [5, 9, 13],
    9 * 13 * 9 * (4 * 20 + 7 * 25),
    9 * (4 * 20 + 7 * 25) + 11 * 5,
  ],
  'conv_lstm without peepholes': [
    '[conv_lstm]\noutput=5\nsize=1\nlstm_activation=leaky',
    [5, 9, 13],
    9 * 13 * (4 * 20 + 4 * 25),
    4 * 20 + 4 * 25 + 8 * 5,
  ],
  'history: channels of the last images': ['[history]\nhistory_size=3', [12, 9, 13], 0, 0],
  l2norm: ['[l2norm]', [4, 9, 13], 0, 0],
  lrn: ['[normalization]\nsize=3', [4, 9, 13], 0, 0],
};

describe('sections of Darknet', () => {
  test.each(Object.entries(CASES))('%s', (_, [cfg, out, multAdds, params]) => {
    const graph = graphOf(readDarknet(`${NET}${cfg}\n[convolutional]\nactivation=linear\n`, 'net.cfg'));
    // A last 1x1 convolution to one channel reads the section under test.
    const { totals, layers } = profile(graph);
    const last = layers.at(-1)!;
    expect(last.inShape).toEqual([1, ...out]);
    const [channels, height, width] = out as [number, number, number];
    expect([totals.multAdds, totals.params]).toEqual([multAdds + channels * height * width, params + channels + 1]);
  });

  test('reorg moves rows and columns into channels, and back', () => {
    const { layers } = counted(
      '[net]\nwidth=12\nheight=8\nchannels=4\n[reorg]\nstride=2\n[reorg]\nstride=2\nreverse=1\n',
    );
    expect(layers.map(({ outShape }) => outShape)).toEqual([
      [1, 16, 4, 6],
      [1, 4, 8, 12],
    ]);
  });

  test('connected layers read the whole image; their norm has the biases; softmax is over groups', () => {
    const cfg = `${NET}[connected]\noutput=6\nbatch_normalize=1\nactivation=relu\n[softmax]\ngroups=2\n`;
    const { totals, layers } = counted(cfg, 2);
    expect([totals.multAdds, totals.params]).toEqual([2 * 468 * 6, 468 * 6 + 12]);
    expect(layers.at(-1)!.outShape).toEqual([2, 6]);
  });

  test('a convolution behind a connected layer sees an image of 1x1', () => {
    expect(counted(`${NET}[connected]\noutput=6\n[convolutional]\nfilters=5\n`).layers.at(-1)!.outShape).toEqual([
      1, 5, 1, 1,
    ]);
  });

  test('every activation of Darknet with an op is read, and named by its name', () => {
    const names = [
      'logistic',
      'relu',
      'relu6',
      'leaky',
      'relie',
      'elu',
      'selu',
      'tanh',
      'gelu',
      'swish',
      'mish',
      'hardtan',
    ];
    const more = ['ramp', 'loggy', 'normalize_channels', 'normalize_channels_softmax'];
    for (const name of [...names, ...more])
      expect(counted(`${NET}[activation]\nactivation=${name}\n`).layers.at(-1)).toMatchObject({
        name: '0_activation',
        outShape: [1, 4, 9, 13],
      });
  });

  test('layers have the numbers and names that darknet prints; nodes of one resolution are a stage', () => {
    const cfg = `${NET}[convolutional]\nbatch_normalize=1\nactivation=leaky\n[maxpool]\nsize=2\nstride=2\n[route]\nlayers=-1,-1\n[upsample]\n`;
    expect(counted(cfg).layers.map(({ name, stage }) => [name, stage])).toEqual([
      ['0_conv', 'stride1'],
      ['0_conv.norm', 'stride1'],
      ['0_conv.leaky', 'stride1'],
      ['1_max', 'stride2'],
      ['2_route', 'stride2'],
      ['3_upsample', 'stride1'],
    ]);
  });

  test('what detection layers read are outputs, and so is what nothing reads', () => {
    const cfg = `${NET}[convolutional]\nfilters=18\n[yolo]\nmask=0,1,2\nclasses=1\nnum=9\n[route]\nlayers=0\n[convolutional]\nfilters=2\n[avgpool]\n`;
    expect(graphOf(readDarknet(cfg, 'net.cfg')).outputs).toEqual(['0_conv.logistic', '4_avg']);
  });

  test('another size, another batch', () => {
    const model = readDarknet(`${NET}batch=64\nsubdivisions=8\n[convolutional]\nsize=3\npad=1\n`, 'net.cfg');
    expect([model.batch, model.input, model.source]).toEqual([undefined, [4, 9, 13], 'darknet']);
    expect(profile(graphOf(model, 2, [4, 20, 20])).totals.multAdds).toBe(2 * 20 * 20 * 36);
  });

  test('a network of vectors has inputs instead of height and width', () => {
    expect(counted('[network]\ninputs=30\n[connected]\noutput=2\n').totals.multAdds).toBe(60);
  });

  test('--allow-unknown leaves out what has no op, and says so', () => {
    const graph = graphOf(
      readDarknet(`${NET}[convolutional]\n[attention]\noutput=4\n`, 'net.cfg', { allowUnknown: true }),
    );
    expect(graph.omitted?.ops).toEqual([{ op: 'attention', nodes: 1, first: '1_attention' }]);
  });
});
