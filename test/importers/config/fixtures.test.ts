// Do the example configs still say what they said? Each is read, profiled, and compared with pinned integers.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtIn } from '../../../src/builtIn.js';
import { FAMILIES } from '../../../src/families/table.js';
import { readConfig } from '../../../src/importers/config/readConfig.js';
import { graphOf } from '../../../src/model.js';
import { profile, type Totals } from '../../../src/profile.js';

const FOLDER = 'fixtures/configs';

/** [params, multAdds, convLayers, memoryAccess.unfused], at the input that the file names. */
const PINNED: Readonly<Record<string, readonly [number, number, number, number]>> = {
  'darknet-tiny.yaml': [4246424, 760778752, 20, 25020312],
  'densenet-bc100.yaml': [769162, 287929692, 99, 30294838],
  'densenet121.yaml': [7978856, 2834161664, 120, 115545704],
  'ds-64-64-16-1.yaml': [1926408, 2408904704, 67, 88555784],
  'lenet.json': [5970, 322560, 2, 32098],
  'mobilenet-v1-half.yaml': [1331592, 76524800, 27, 9127816],
  'mobilenet-v2-075.yaml': [2636424, 209069792, 52, 37430552],
  'odd-shapes.yaml': [14556, 63572172, 6, 6286030],
  'osa-cifar.yaml': [1242958, 272101312, 28, 7361422],
  'own-backbone.yaml': [3760384, 5202542592, 50, 152506880],
  'peleenet-narrow.yaml': [1754480, 315987808, 113, 24832592],
  'resnet26.yaml': [15995176, 2342256640, 29, 66777384],
  'resnet32-cifar.yaml': [472756, 69130496, 33, 2786100],
  'seresnext26.yaml': [16790280, 1817149440, 45, 69734056],
  'shufflenet-v2-x075.yaml': [1786444, 86957848, 56, 13040460],
  'squeezenet1_1.yaml': [1235496, 349151936, 26, 15483144],
  'two-branches.yaml': [166020, 158740992, 5, 3754372],
  'vgg8.yaml': [17124552, 284528640, 5, 20436744],
  'vovnet-detector.yaml': [1114256, 1687319424, 50, 141808496],
  'vovnet-paper-stem.yaml': [22600296, 7765860352, 39, 84017768],
};

const read = (file: string) => readConfig(readFileSync(`${FOLDER}/${file}`, 'utf8'), `${FOLDER}/${file}`);
const totals = (file: string): Totals => profile(graphOf(read(file))).totals;

describe('fixtures/configs', () => {
  it.each(readdirSync(FOLDER))('%s has the pinned totals', (file) => {
    const { params, multAdds, convLayers, memoryAccess } = totals(file);
    expect([params, multAdds, convLayers, memoryAccess.unfused]).toEqual(PINNED[file]);
  });

  it('pins no file that is gone', () => {
    expect(Object.keys(PINNED).sort()).toEqual(readdirSync(FOLDER).sort());
  });

  it('has one config for each family', () => {
    const families = readdirSync(FOLDER).map(
      (file) => /^family: (.*)$/m.exec(readFileSync(`${FOLDER}/${file}`, 'utf8'))?.[1],
    );
    expect(FAMILIES.map(({ name }) => name).filter((name) => !families.includes(name))).toEqual([]);
  });

  it.each([
    ['densenet121.yaml', 'densenet121'],
    ['squeezenet1_1.yaml', 'squeezenet1_1'],
    ['densenet-bc100.yaml', 'densenet_bc100_k12'],
  ])('%s is the built-in %s, layer by layer', (file, name) => {
    const { layers } = profile(graphOf(read(file)));
    expect(layers).toEqual(profile(graphOf(builtIn(name))).layers);
  });

  it.each(readdirSync(FOLDER))('%s builds at every batch, its activations proportional to it', (file) => {
    const model = read(file);
    const [one, three] = [1, 3].map((n) => profile(graphOf(model, n)).totals);
    expect([three!.params, three!.multAdds]).toEqual([one!.params, 3 * one!.multAdds]);
  });
});
