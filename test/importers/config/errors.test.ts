// What does a reader of configs say when something is wrong? One line: file, line, column, what it is, what to do.

import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../../src/families/table.js';
import { readConfig } from '../../../src/importers/config/readConfig.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';

function refusal(text: string, file = 'net.yaml'): string {
  try {
    graphOf(readConfig(text, file));
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error(`nothing is wrong with ${text}`);
}

const family = (lines: string): string => `family: densenet\nblocks: [2, 2]\n${lines}`;
const layers = (items: string): string => `input: 3x8x8\nlayers:\n${items}`;
const PAST = 'a count passes 2^53 and could not be exact: use a smaller input, batch or width';
const NAMES_NOTHING = 'say family: with its fields, or input: and layers: of your own';

describe('a text that is no config', () => {
  it.each([
    ['an empty file', '', `1:1: the file is empty: ${NAMES_NOTHING}`],
    ['comments alone', '# a\n', `1:1: the file is empty: ${NAMES_NOTHING}`],
    ['a list', '- a', `1:1: a config is a mapping, not ["a"]: ${NAMES_NOTHING}`],
    ['a word', 'resnet50', `1:1: a config is a mapping, not "resnet50": ${NAMES_NOTHING}`],
    ['neither family nor layers', 'growth: 3', `1:1: the config names neither a family nor layers: ${NAMES_NOTHING}`],
    [
      'bad YAML',
      'a: [1',
      '1:6: this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a tab', 'a:\n\tb: 1', '2:1: this is not valid YAML: Tabs are not allowed as indentation'],
    ['two documents', 'a: 1\n---\nb: 1', '2:1: a config is one document: remove the --- and what follows'],
    ['a directive', '%YAML 1.1\n---\na: 1', '1:1: a config has no directives: remove the %YAML line'],
    ['a tag', 'a: !!int "3"', '1:10: the tag tag:yaml.org,2002:int is not supported: write a plain value'],
    ['an unknown tag', 'a: !thing 3', '1:11: the tag !thing is not supported: write a plain value'],
    ['a duplicate key', 'a: 1\nb: 1\na: 2', '3:1: the key "a" stands here twice: remove one'],
    ['a merge key', 'a: &x {b: 1}\nc:\n  <<: *x', '3:3: merge keys (<<) are not supported: write the fields out'],
    ['a prototype', '{"__proto__": {"family": "vgg"}}', '1:2: there is no field "__proto__": remove it'],
    ['a number for a key', 'a: {3: 4}', '1:5: every key must be a plain text'],
    ['a list for a key', '? [a]\n: b', '1:1: every key must be a plain text'],
    ['an alias of nothing', 'a: *b', '1:4: the alias *b has no anchor before it'],
    ['an alias of itself', 'a: &b [*b]', '1:7: more than 64 levels of nesting: flatten it'],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(`net.yaml:${message}`);
  });

  it.each([
    ['{"a": 1 "b": 2}', /^net\.json:1:\d+: this is not valid JSON: \S.*$/],
    ['{"a": [1, 2}', /^net\.json:1:\d+: this is not valid JSON: \S.*$/],
    ['{"a": "b', /^net\.json:1:\d+: this is not valid JSON: \S.*$/],
  ])('bad JSON: %s', (text, message) => {
    expect(refusal(text, 'net.json')).toMatch(message);
  });

  it.each(['[', '{"a":', '- ', '? ', 'a:\n ', '[{'])('nested without end: %s', (opening) => {
    expect(refusal(opening.repeat(50_000))).toMatch(
      /^net\.yaml:\d+:\d+: (more than 64 levels of nesting: flatten it|this is not valid YAML: .*|every key must be a plain text|the key "a" stands here twice: remove one)$/,
    );
  });

  it('aliases that unfold without end', () => {
    const bomb = ['a: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      bomb.push(
        `a${i}: &a${i} [${Array<string>(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(refusal(bomb.join('\n'))).toMatch(
      /^net\.yaml:\d+:\d+: the aliases of this file unfold without end: write the values out$/,
    );
  });

  it('files that are too long, in characters or in values', () => {
    expect(refusal('#'.repeat(5_242_881))).toBe(
      'net.yaml:1:1: 5242881 characters are more than a config of at most 5 MB has',
    );
    expect(refusal('- 1\n'.repeat(200_000))).toMatch(/the file goes on past what a config can say: shorten it$/);
  });

  it('thousands of problems are as quick to report as one', () => {
    const keys = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join('\n');
    expect(refusal(family(keys))).toBe(
      'net.yaml:3:1: densenet has no field "k0"; the nearest are name, stem, input (and many more)',
    );
  });
});

describe('a config of a family', () => {
  const families = FAMILIES.map(({ name }) => name).join(', ');
  const positive = 'must be a positive whole number, not';
  const growth = '(channels that each layer adds)';
  it.each([
    ['an unknown family', 'family: densnet', '1:9: there is no family "densnet"; the nearest is densenet'],
    ['a family that is not a text', 'family: [vgg]', `1:9: family must be one of ${families}, not ["vgg"]`],
    ['a family that is nothing', 'family:', `1:8: family must be one of ${families}, not nothing`],
    [
      'a missing field',
      'family: densenet',
      '1:1: blocks is missing (layers of each dense block): give a list of at least one item',
    ],
    ['an unknown field', family('grwth: 3'), '3:1: densenet has no field "grwth"; the nearest is growth'],
    ['a negative size', family('growth: -3'), `3:9: growth ${positive} -3 ${growth}`],
    ['zero', family('growth: 0'), `3:9: growth ${positive} 0 ${growth}`],
    ['a fraction', family('growth: 1.5'), `3:9: growth ${positive} 1.5 ${growth}`],
    ['a text', family('growth: "32"'), `3:9: growth ${positive} "32" ${growth}`],
    ['no value', family('growth:'), `3:8: growth is empty ${growth}: give a positive whole number`],
    ['not a number', family('growth: .nan'), `3:9: growth ${positive} NaN ${growth}`],
    ['infinity', family('growth: .inf'), `3:9: growth ${positive} Infinity ${growth}`],
    [
      'a number past 2^53',
      family('growth: 1e300'),
      `3:9: growth must be at most 9007199254740991, not 1e+300 ${growth}`,
    ],
    ['a long text', family(`growth: ${'x'.repeat(500)}`), `3:9: growth ${positive} "${'x'.repeat(76)}... ${growth}`],
    ['invisible characters', family('growth: "a\\u202Eb"'), `3:9: growth ${positive} "a?b" ${growth}`],
    [
      'a ratio of 0',
      family('compression: 0'),
      '3:14: compression must be a number above 0 and at most 1, not 0 (output channels of a transition over its input channels)',
    ],
    [
      'a bad item of a list',
      'family: densenet\nblocks:\n  - 6\n  - 0',
      '4:5: blocks.1 must be a positive whole number, not 0 (layers)',
    ],
    [
      'an empty list',
      'family: densenet\nblocks: []',
      '2:9: blocks must be a list of at least one item, not [] (layers of each dense block)',
    ],
    [
      'a list of the wrong length',
      'family: vovnet\nmodules: [1, 1]\nstem: [3]\ngrowth: [4, 4]\nchannels: [8, 8]',
      '3:7: stem must be a list of 3 items, not [3] (channels of the three stem convolutions)',
    ],
    [
      'a list too short for another',
      'family: vgg\nconvs: [1, 1]\nchannels: [8]',
      '3:11: channels has 1 item and convs has 2: give one for each of convs',
    ],
    [
      'a default too short for another',
      'family: vgg\nconvs: [1, 1, 1, 1, 1, 1]',
      '2:8: channels has 5 items by default and convs has 6: give one for each of convs',
    ],
    [
      'a choice',
      'family: resnet\nblock: plain\ndepths: [1]',
      '2:8: block must be one of basic, bottleneck, not "plain" (residual block of every stage)',
    ],
    [
      'a flag',
      'family: vgg\nconvs: [1]\nchannels: [8]\nbatchNorm: yes',
      '4:12: batchNorm must be true or false, not "yes" (a batch norm after each convolution)',
    ],
    [
      'a pair',
      'family: squeezenet\ndepths: [1]\nstemKernel: [3]',
      '3:13: stemKernel must be a positive whole number or a list of two, [height, width], not [3] (its kernel; its stride is 2, without padding)',
    ],
    [
      'a bad input',
      family('input: 224x224'),
      '3:8: input must be channels x height x width, as in 3x224x224 or { channels: 3, height: 224, width: 224 }, not "224x224"',
    ],
    [
      'a bad side of the input',
      family('input: { channels: 3, height: 0, width: 8 }'),
      '3:8: input must be channels x height x width, as in 3x224x224 or { channels: 3, height: 224, width: 224 }, not {"channels":3,"height":0,"width":8}',
    ],
    [
      'a name of two lines',
      family('name: "a\\nb"'),
      '3:7: name must be a text of 1 to 100 characters on one line, not "a\\nb"',
    ],
    [
      'several problems, the first in the text',
      'family: densenet\ngrowth: 0\nstem: -1\nblock: [1]',
      `2:9: growth ${positive} 0 ${growth} (and 2 more)`,
    ],
    [
      'channels that do not divide',
      'family: darknet\ndepths: [1, 1]\nchannels: [64, 65]',
      '3:16: a pair narrows the channels to half: 65 is not divisible by 2',
    ],
    [
      'channels none of which divides',
      'family: shufflenet_v2\ndepths: [1, 1]\nchannels: [65, 67]',
      '3:11: each branch puts out half of the channels: 65 is not divisible by 2',
    ],
    [
      'an odd number where halves are added',
      'family: peleenet\ngrowth: 33',
      '2:9: each branch adds half of the growth: 33 is not divisible by 2',
    ],
    [
      'a gate that leaves nothing',
      'family: resnet\nblock: bottleneck\ndepths: [1]\nchannels: [64]\nattention: se\nreduction: 257',
      '6:12: a reduction of 257 leaves none of 256 channels',
    ],
    [
      'a shortcut that cannot be',
      'family: resnet_cifar\ndepths: [1, 1]\nchannels: [32, 16]',
      '3:12: a shortcut of zeros cannot lower the channels by 16: use a projection',
    ],
    [
      'a compression that widens',
      family('compression: 7'),
      '3:14: compression must be a number above 0 and at most 1, not 7 (output channels of a transition over its input channels)',
    ],
    [
      'a compression that leaves nothing',
      family('compression: 0.001'),
      '3:14: 0.001 times 128 rounds down to nothing: give a larger ratio',
    ],
    [
      'a width that nobody means',
      'family: mobilenet_v1\nwidth: 0.0001',
      '2:8: width must be a number from 0.01 to 100, not 0.0001 (multiplier of every number of channels, rounded down)',
    ],
    [
      'a width that leaves nothing',
      'family: mobilenet_v1\nwidth: 0.03',
      '2:8: 0.03 times 32 rounds down to nothing: give a larger ratio',
    ],
    [
      'more pools than transitions',
      'family: dsod\ngrowth: 8\npools: 5',
      '3:8: pools is 5 and blocks has 4 items: give at most 4',
    ],
    ['a count past 2^53', family('growth: 9000000000000'), `3:9: node "features.conv0" (conv): ${PAST}`],
    ['an input whose counts pass 2^53', family('input: 3x90000000x90000000'), `3:8: input "input": ${PAST}`],
    [
      'a misspelt field that must be given',
      'family: densenet\nblcks: [6]',
      '2:1: densenet has no field "blcks"; the nearest is blocks',
    ],
    [
      'a misspelt field before one that is missing',
      'family: dsod\ncompresion: 0.5',
      '2:1: dsod has no field "compresion"; the nearest is compression (and 1 more)',
    ],
    [
      'an input too small',
      'family: vovnet\nmodules: [1]\ngrowth: [8]\nchannels: [8]\nstemStrides: [1, 1, 1]\npoolBeforeStage2: true\ninput: 3x1x1',
      '7:8: node "stage2.Pooling" (maxPool): a window of kernel 3, stride 2, padding 0+0 does not fit in a side of 1: use a larger input',
    ],
    [
      'layers without end',
      'family: densenet\nblocks: [1000000]',
      '2:10: node "features.denseblock1.denselayer3156.concat" (concat): the graph passes 200000 nodes or 5000000 edges: lower a repeat or a number of layers',
    ],
    [
      'modules without their channels',
      'family: squeezenet\ndepths: [9]',
      '2:9: squeeze has 8 items by default and depths add up to 9: give one for each',
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(`net.yaml:${message}`);
  });
});

describe('a field without effect', () => {
  const resnet = (block: string, more: string): string =>
    `family: resnet\nblock: ${block}\ndepths: [1, 1]\nchannels: [64, 64]\n${more}`;
  const basic = 'has no effect where block is basic: remove it, or give block: bottleneck';
  it.each([
    [resnet('basic', 'groups: 4'), `5:1: groups ${basic}`],
    [resnet('basic', 'widthPerGroup: 7'), `5:1: widthPerGroup ${basic}`],
    [resnet('basic', 'strideIn: 1x1'), `5:1: strideIn ${basic}`],
    [
      resnet('basic', 'reduction: 8'),
      '5:1: reduction has no effect where attention is none: remove it, or give attention: se',
    ],
    [
      'family: resnet\nblock: bottleneck\ndepths: [1]\nchannels: [64]\nstrideIn: 1x1',
      '5:1: strideIn has no effect where depths has 1 item: remove it',
    ],
    [
      'family: densenet\nblocks: [6]\ncompression: 0.5',
      '3:1: compression has no effect where blocks has 1 item: remove it',
    ],
    [
      'family: densenet_cifar\nblocks: [6]\nbottleneckWidth: 2',
      '3:1: bottleneckWidth has no effect where bottleneck is false: remove it, or give bottleneck: true',
    ],
    [
      'family: dsod\ngrowth: 4\nblocks: [6]\npools: 1\ncompression: 0.5',
      '5:1: compression has no effect where blocks has 1 item: remove it',
    ],
    [
      'family: vovnet\nmodules: [1]\ngrowth: [8]\nchannels: [8]\nidentity: false',
      '5:1: identity has no effect where no item of modules is 2 or more: remove it',
    ],
    [
      'family: darknet\ndepths: [0]\nchannels: [8]\nresidual: false',
      '4:1: residual has no effect where no item of depths is 1 or more: remove it',
    ],
    [
      'family: resnet_cifar\ndepths: [1]\nchannels: [8]\nshortcut: zeros',
      '4:1: shortcut has no effect where depths has 1 item: remove it',
    ],
    [
      'family: squeezenet\ndepths: [1]\nsqueeze: [8, 16]',
      '3:10: squeeze has 2 items and depths add up to 1: give one for each',
    ],
  ])('%j is refused', (text, message) => {
    expect(refusal(text)).toBe(`net.yaml:${message}`);
  });
});

describe('a config without a family', () => {
  const window = (kernel: number) =>
    `a window of kernel ${kernel}, stride 1, padding 0+0 does not fit in a side of 8: use a larger input`;
  it.each([
    [
      'no input',
      'layers: [relu]',
      '1:1: input is missing: give channels x height x width, as in 3x224x224 or { channels: 3, height: 224, width: 224 }',
    ],
    [
      'no layers',
      'input: 3x8x8\nlayers: []',
      '2:9: layers must be a list of at least one layer, as in - { conv: { channels: 32, kernel: 3 } }, not []',
    ],
    [
      'an unknown key',
      `${layers('- relu')}\ngrowth: 3`,
      '4:1: a config without a family has no field "growth"; the nearest are input, name, layers',
    ],
    ['an unknown op', layers('- relux'), '3:3: there is no op or block "relux"; the nearest are relu, relu6'],
    [
      'an unknown op with fields',
      layers('- { cnv: { channels: 3 }, name: a }'),
      '3:5: there is no op or block "cnv"; the nearest is conv',
    ],
    [
      'no op',
      layers('- { name: a }'),
      '3:3: this layer names no op or block: add one with its fields, as in { relu: {} }',
    ],
    [
      'two ops',
      layers('- { relu: {}, gelu: {} }'),
      '3:3: a layer is one op or block, this one is relu and gelu: make them 2 items',
    ],
    ['a number', layers('- 3'), '3:3: a layer is an op or block with its fields, as in { relu: {} }, not 3'],
    ['a list', layers('- [relu]'), '3:3: a layer is an op or block with its fields, as in { relu: {} }, not ["relu"]'],
    [
      'an unknown field',
      layers('- conv: { channels: 3, kernel: 1, chanels: 4 }'),
      '3:35: conv has no field "chanels"; the nearest is channels',
    ],
    ['a field of an op without any', layers('- relu: { slope: 1 }'), '3:11: relu has no field "slope"; it takes none'],
    [
      'an unknown key beside',
      layers('- { relu: {}, form: a }'),
      '3:15: the layer relu has no field "form"; the nearest is from',
    ],
    ['fields that are no mapping', layers('- conv: 64'), '3:9: conv is a mapping of its fields, not 64'],
    [
      'a missing field',
      layers('- { conv: { kernel: 3 } }'),
      '3:11: conv.channels is missing (output channels): give a positive whole number',
    ],
    [
      'a bare word that needs fields',
      layers('- maxPool'),
      '3:3: maxPool.kernel is missing (window height and width): give a positive whole number or a list of two, [height, width] (and 1 more)',
    ],
    [
      'a bad pair',
      layers('- conv: { channels: 3, kernel: [3, 0] }'),
      '3:32: conv.kernel must be a positive whole number or a list of two, [height, width], not [3,0] (kernel height and width)',
    ],
    [
      'a bad padding',
      layers('- conv: { channels: 3, kernel: 1, padding: [1, 1, 1] }'),
      '3:44: conv.padding must be a whole number from 0 up, or a list [height, width] or [top, left, bottom, right], not [1,1,1] (zeros around the input: top, left, bottom, right)',
    ],
    [
      'a bad shape',
      layers('- reshape: { shape: [-1, -1] }'),
      '3:21: reshape.shape must be a list of 1 to 8 positive whole numbers, of which one may be -1, not [-1,-1] (sides after the batch; one may be -1 and takes what is left)',
    ],
    [
      'too many repeats',
      layers('- { relu: {}, repeat: 10001 }'),
      '3:23: repeat must be a whole number from 1 to 10000, not 10001 (how often it is repeated, each on the output of the one before)',
    ],
    [
      'a bad source',
      layers('- { relu: {}, from: 3 }'),
      "3:21: from must be an earlier layer's name, or a list of such names, not 3",
    ],
    [
      'an unknown source',
      layers('- { relu: {}, name: a }\n- { relu: {}, from: [b] }'),
      '4:22: the layer "relu1" reads an unknown layer "b"; the nearest is a',
    ],
    ['itself', layers('- { relu: {}, name: a, from: a }'), '3:30: the layer "a" reads itself: name an earlier layer'],
    [
      'a later layer',
      layers('- { relu: {}, from: b }\n- { relu: {}, name: b }'),
      '3:21: the layer "relu1" reads "b", which comes later: move it before this one',
    ],
    ['one input of two', layers('- add'), '3:3: add takes 2 inputs, not 1: name them, as in from: [a, b]'],
    [
      'two inputs of one',
      layers('- { convNorm: { channels: 3 }, from: [input, input] }'),
      '3:38: convNorm takes one input, not 2',
    ],
    [
      'an addition repeated',
      layers('- { add: {}, from: [input, input], repeat: 2 }'),
      '3:20: add reads 2 layers, so it cannot be repeated on its own output',
    ],
    [
      'a name given twice',
      layers('- { relu: {}, name: a }\n- { relu: {}, name: a }'),
      '4:21: the name "a" is taken by another layer: give each its own',
    ],
    [
      "the image's name",
      layers('- { relu: {}, name: input }'),
      '3:21: the name "input" is the image\'s: give the layer another',
    ],
    [
      'a name that a repeat makes',
      layers('- { relu: {}, name: a-2 }\n- { relu: {}, name: a, repeat: 2 }'),
      '4:32: node "a-2" (relu): the name "a-2" is taken: give each node its own',
    ],
    [
      'a layer that nobody reads',
      layers('- { relu: {}, name: a }\n- { relu: {}, from: input }'),
      '3:3: the layer "a" feeds nothing: read it with from, list it in outputs, or remove it',
    ],
    [
      'an unknown output',
      `${layers('- relu')}\noutputs: [relu2]`,
      '4:11: the output is an unknown layer "relu2"; the nearest is relu1',
    ],
    ['an output twice', `${layers('- relu')}\noutputs: [relu1, relu1]`, '4:18: the output "relu1" stands here twice'],
    ['no outputs', `${layers('- relu')}\noutputs: []`, '4:10: outputs must be a list of names of layers, not []'],
    [
      'groups that do not divide',
      layers('- relu\n- { conv: { channels: 4, kernel: 1, groups: 2 } }'),
      '4:45: node "conv1" (conv): the groups do not divide the input channels: 3 is not divisible by 2',
    ],
    [
      'a window that does not fit',
      layers('- { conv: { channels: 4, kernel: 9 } }'),
      `3:34: node "conv1" (conv): ${window(9)}`,
    ],
    [
      'a dilation that does not fit',
      layers('- { conv: { channels: 4, kernel: 3, dilation: 9 } }'),
      '3:47: node "conv1" (conv): a window of kernel 3, stride 1, padding 0+0, dilation 9 does not fit in a side of 8: use a larger input',
    ],
    [
      'a padding of more than half of a kernel',
      layers('- { maxPool: { kernel: 3, stride: 2, padding: 2 } }'),
      '3:47: node "maxPool1" (maxPool): a padding of 2, 2, 2, 2 is more than half of the kernel, 3x3: pad less, or use pad',
    ],
    [
      'a bottleneck that a block does not have',
      layers('- { dense: { layers: 2, growth: 8, bottleneck: false, bottleneckWidth: 3 } }'),
      '3:55: dense.bottleneckWidth has no effect where bottleneck is false: remove it, or give bottleneck: true',
    ],
    [
      'a ratio in a block that leaves nothing',
      layers('- { transition: { compression: 0.1 } }'),
      '3:32: 0.1 times 3 rounds down to nothing: give a larger ratio',
    ],
    [
      'a count past 2^53 in one of many layers',
      layers('- { relu: , repeat: 9 }\n- { conv: { channels: 900000000000000, kernel: 1 } }\n- relu'),
      `4:23: node "conv1" (conv): ${PAST}`,
    ],
    [
      'repeats whose counts pass 2^53',
      layers('- { upsample: { scale: 2 }, repeat: 30 }'),
      `3:37: node "upsample1-23" (upsample): ${PAST}`,
    ],
    [
      'elements that a reshape does not have',
      layers('- { reshape: { shape: [5, -1] } }'),
      '3:23: node "reshape1" (reshape): nothing whole is left for the side of -1: 192 is not divisible by 5',
    ],
    [
      'a window in a block that does not fit',
      layers('- { dense: { layers: 1, growth: 2 } }\n- { globalAvgPool: }\n- { transition: }'),
      '5:3: node "transition1.pool" (avgPool): a window of kernel 2, stride 2, padding 0+0 does not fit in a side of 1: use a larger input',
    ],
    [
      'shapes that differ',
      layers('- { conv: { channels: 4, kernel: 1 }, name: a }\n- add: {}\n  from: [a, input]'),
      '4:3: node "add1" (add): the shapes [1, 4, 8, 8] and [1, 3, 8, 8] do not fit together',
    ],
    [
      'an image after it is flat',
      layers('- flatten\n- globalAvgPool'),
      '4:3: node "globalAvgPool1" (globalAvgPool): needs an input of shape [N, C, ...] with at least one further side, got [1, 192]',
    ],
    [
      'a layer through an alias',
      layers('- &c { conv: { channels: 4, kernel: 1 } }\n- *c\n- { conv: { channels: 4, kernel: 9 } }'),
      `5:34: node "conv3" (conv): ${window(9)}`,
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(`net.yaml:${message}`);
  });
});
