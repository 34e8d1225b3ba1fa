// What does a .cfg that does not fit say? One sentence with the line, whatever is wrong.

import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/inputError.js';
import { readDarknet } from '../../../src/importers/darknet/readDarknet.js';
import { sectionsIn } from '../../../src/importers/darknet/sections.js';
import { graphOf } from '../../../src/model.js';

const NET = '[net]\nwidth=13\nheight=9\nchannels=4\n';

const CASES: readonly (readonly [why: string, cfg: string, says: string])[] = [
  ['empty', '', 'net.cfg: it has no sections'],
  ['comments alone', '# nothing\n;here\n', 'net.cfg: it has no sections'],
  [
    'another INI file',
    '[core]\nbare=false\n',
    'net.cfg:1: the first section is [core]: a Darknet .cfg begins with [net]',
  ],
  ['no layers', NET, 'net.cfg:1: there are no layers behind [net]'],
  ['no size', '[net]\nwidth=3\n[avgpool]\n', 'net.cfg:1: [net]: height, width and channels must be stated'],
  ['an option before all', 'width=3\n', 'net.cfg:1: "width=3" stands before the first section'],
  ['a line without =', `${NET}[avgpool]\nhello\n`, 'net.cfg:6: "hello" is neither a section nor key=value'],
  ['a broken section', `${NET}[avgpool\n`, 'net.cfg:5: "[avgpool" is no section: write [name]'],
  [
    'unknown sections',
    `${NET}[avgpool]\n[attention]\n[attention]\n`,
    'net.cfg:6: flopscope does not know attention (2x, first section "1_attention")',
  ],
  [
    'no number',
    `${NET}[convolutional]\nfilters=many\n`,
    'net.cfg:5: [convolutional] 0_conv: filters must be a whole number from 1 up, not "many", in line 6',
  ],
  ['a stride of 0', `${NET}[convolutional]\nstride=0\n`, 'stride must be a whole number from 1 up, not "0", in line 6'],
  ['a huge number', `${NET}[convolutional]\nfilters=99999999999\n`, 'filters must be a whole number from 1 up'],
  [
    'no such layer',
    `${NET}[avgpool]\n[route]\nlayers=-1,7\n`,
    'net.cfg:6: [route] 1_route: layers names layer 7, and those before this one are 0 to 0, in line 7',
  ],
  ['a first route', `${NET}[route]\nlayers=-1\n`, 'layers names layer -1, and there is none before this one'],
  ['a route to nothing', `${NET}[avgpool]\n[route]\n`, 'net.cfg:6: [route] 1_route: it has no layers'],
  [
    'no such activation',
    `${NET}[convolutional]\nactivation=lekay\n`,
    'there is no activation "lekay", but linear, logistic',
  ],
  ['an activation without an op', `${NET}[convolutional]\nactivation=stair\n`, 'no op for its activation stair'],
  [
    'a state that shrinks',
    `${NET}[crnn]\nactivation=leaky\n`,
    'they must be equal, so that size=3 needs pad=1 and stride=1',
  ],
  [
    'a bottleneck of a conv_lstm',
    `${NET}[conv_lstm]\npad=1\nbottleneck=1\n`,
    'its bottleneck runs other layers on a GPU than on a CPU, so it has no single count',
  ],
  ['groups that do not divide', `${NET}[convolutional]\nfilters=4\ngroups=3\n`, 'the groups do not divide'],
  [
    'a kernel too large',
    `${NET}[convolutional]\nsize=11\n`,
    'net.cfg:5: [convolutional] 0_conv: a window of kernel 11',
  ],
  [
    'sides that differ',
    `${NET}[maxpool]\nsize=2\nstride=2\n[upsample]\n[route]\nlayers=0,1\n`,
    'net.cfg:9: [route] 2_route: the shapes',
  ],
  [
    'a shortcut that does not fit',
    `${NET}[convolutional]\n[convolutional]\nsize=2\nstride_x=2\n[shortcut]\nfrom=0\n`,
    'rows and columns differ by other factors',
  ],
  [
    'predictions of another number',
    `${NET}[convolutional]\nfilters=255\n[yolo]\nmask=0,1,2\nclasses=3\n`,
    'reads 255 channels, and 3 anchors of 3 classes and 4 coordinates have 24: set filters=24',
  ],
  [
    'a shortcut onto a larger map',
    `${NET}[maxpool]\nsize=2\nstride=2\n[upsample]\n[shortcut]\nfrom=0\n`,
    'it broadcasts',
  ],
  ['a group that is not there', `${NET}[route]\n`, 'has no layers'],
  [
    'a dilation that changes the size',
    `${NET}[convolutional]\nsize=3\ndilation=2\n`,
    'a dilation of 2 needs a padding of half of the kernel',
  ],
];

describe('a Darknet .cfg that does not fit', () => {
  test.each(CASES)('%s', (_, cfg, says) => {
    const build = (): unknown => graphOf(readDarknet(cfg, 'net.cfg'));
    expect(build).toThrow(InputError);
    expect(build).toThrow(says);
    expect(build).toThrow(/^net\.cfg[:]/);
  });

  test('a million layers are refused while they are read', () => {
    expect(() => readDarknet(`${NET}${'[avgpool]\n'.repeat(1_000_000)}`, 'net.cfg')).toThrow(
      /^net\.cfg:\d+: the file has more than 20000 sections/,
    );
  });
});

describe('sections', () => {
  test('blanks count nowhere; the first of two values counts; comments may stand behind a value', () => {
    const [net, layer] = sectionsIn(
      '\uFEFF[net]\r\n width = 1 2 \r\nwidth=7\n[ conv ] # here\nsize = 3 # odd\n',
      'a.cfg',
    );
    expect([net!.type, net!.integer('width', 0), layer!.type, layer!.integer('size', 1)]).toEqual([
      'net',
      12,
      'conv',
      3,
    ]);
    expect([net!.line, layer!.line, layer!.integers.length]).toEqual([1, 4, 1]);
  });
});
