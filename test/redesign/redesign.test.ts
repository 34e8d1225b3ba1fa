// Is a design worth what its price says? Every price against its own graph, and the rules that the search keeps.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { readConfig } from '../../src/importers/config/readConfig.js';
import { writeConfig } from '../../src/exporters/config/writeConfig.js';
import { graphOf as graphOfModel } from '../../src/model.js';
import { detectorOn } from '../../src/detectors/table.js';
import { profile } from '../../src/profile.js';
import { adviceFor } from '../../src/redesign/advice.js';
import { graphOf, isBuildable, itemsOf, PriceList, type Design } from '../../src/redesign/design.js';
import type { Price } from '../../src/redesign/forms.js';
import type { Level } from '../../src/redesign/level.js';
import { EVERYTHING } from '../../src/redesign/palette.js';
import { recipes } from '../../src/redesign/recipe.js';
import { spread } from '../../src/redesign/result.js';
import { mergedFront, searchShare, withCandidate, type Candidate, type Space } from '../../src/redesign/search.js';
import { templateOf, type Template } from '../../src/redesign/template.js';

const templateFor = (name: string, input?: readonly [number, number, number]): Template =>
  templateOf(graphOfModel(builtIn(name), 1, input));

const countedPrice = (template: Template, design: Design): Price => {
  const { params, multAdds, flops, memoryAccess, ops } = profile(graphOf(template, design, 'design')).totals;
  return { params, multAdds, flops, unfused: memoryAccess.unfused, fused: memoryAccess.fused, launches: ops };
};

const level: fc.Arbitrary<Level> = fc.record({
  aggregation: fc.constantFrom('dense', 'osa'),
  partial: fc.boolean(),
  layers: fc.integer({ min: 1, max: 9 }),
  bottleneck: fc.boolean(),
  groups: fc.constantFrom(1, 2, 4),
  growth: fc.integer({ min: 1, max: 12 }).map((k) => 8 * k),
  channels: fc.integer({ min: 30, max: 60 }).map((k) => 16 * k),
});

describe('the price of a design', () => {
  it.each(['densenet121', 'vovnet39', 'vgg16_bn', 'darknet53', 'densenet40_k12'])(
    'is that of its graph, whatever the levels: %s',
    (name) => {
      const template = templateFor(name, name === 'densenet40_k12' ? undefined : [3, 75, 64]);
      const list = new PriceList(template);
      const design = fc.tuple(...template.levels.map(() => level));
      fc.assert(
        fc.property(design, (levels) => {
          fc.pre(isBuildable(template, levels));
          expect(list.price(levels)).toEqual(countedPrice(template, levels));
        }),
        { numRuns: 8, seed: 5 },
      );
    },
    60_000,
  );
});

describe('the template', () => {
  it('of DenseNet-121 has the levels of its blocks, with what their transitions put out', () => {
    const { levels, stemOut, head } = templateFor('densenet121');
    expect(stemOut).toEqual([64, 56, 56]);
    expect(levels.map(({ height, channels, layers }) => [height, channels, layers])).toEqual([
      [56, 128, 6],
      [28, 256, 12],
      [14, 512, 24],
      [7, 1024, 16],
    ]);
    expect(head.map(({ kind }) => kind)).toEqual(['globalAvgPool', 'flatten', 'linear']);
  });

  it('of ResNet-50 ends each level where nothing but the trunk is alive, not inside a block', () => {
    expect(templateFor('resnet50').levels.map(({ channels }) => channels)).toEqual([256, 512, 1024, 2048]);
  });

  it('shares out all multiply-adds of the network among stem, levels and head', () => {
    const graph = graphOfModel(builtIn('resnet50'));
    const { levels } = templateOf(graph);
    const body = levels.reduce((sum, { multAdds }) => sum + multAdds, 0);
    // The stem's 7x7 convolution and the classifier are not redesigned.
    expect(body).toBe(profile(graph).totals.multAdds - 118_013_952 - 2_048_000);
  });

  it('refuses what is no chain of resolutions, in one sentence', () => {
    const config =
      'input: 3x64x64\nlayers:\n  - convNorm: { channels: 8, stride: 4 }\n  - convNorm: { channels: 8, stride: 3 }';
    expect(() => templateOf(graphOfModel(readConfig(config, 'odd.yaml')))).toThrow(
      'odd cannot be redesigned: its trunk goes from 16x16 to 6x6, and only a half, rounded up or down, can be rebuilt',
    );
  });
});

const spaceOf = (name: string, seed = 1): Space => {
  const template = templateFor(name);
  const { multAdds, memoryAccess } = profile(graphOfModel(builtIn(name))).totals;
  const budget = { limits: [{ weights: { multAdds: 1 }, amount: multAdds }], slack: 0.05 };
  return { template, budget, reading: 'unfused', palette: EVERYTHING, access: memoryAccess.unfused, seed };
};
const searched = (space: Space, share = 0) => searchShare(space, new PriceList(space.template), share, 1500);

describe('the search', () => {
  const space = spaceOf('densenet40_k12');
  const { front, priced } = searched(space);

  it('finds designs within the budget and its slack', () => {
    expect(priced).toBeGreaterThanOrEqual(1500);
    expect(front.length).toBeGreaterThan(0);
    for (const { price } of front) {
      expect(price.multAdds).toBeLessThanOrEqual(space.budget.limits[0]!.amount);
      expect(price.multAdds).toBeGreaterThanOrEqual(0.95 * space.budget.limits[0]!.amount);
    }
  });

  it('keeps only designs of which none is as good in everything', () => {
    for (const a of front)
      for (const b of front)
        if (a !== b)
          expect(
            a.price.unfused <= b.price.unfused &&
              a.price.multAdds <= b.price.multAdds &&
              a.price.params <= b.price.params,
          ).toBe(false);
  });

  it('gives the same designs for the same seed, and others for another', () => {
    expect(searched(space).front).toEqual(front);
    expect(searched({ ...space, seed: 2 }).front).not.toEqual(front);
  });

  it('does not depend on the order in which shares come back', () => {
    const fronts = [0, 1, 2].map((share) => searched(space, share).front);
    const prices = (all: readonly Candidate[]): readonly Price[] => all.map(({ price }) => price);
    expect(prices(mergedFront([...fronts].reverse(), 'unfused'))).toEqual(prices(mergedFront(fronts, 'unfused')));
  });

  it('drops what a better one dominates, and does not take what is no better', () => {
    const at = (unfused: number, multAdds: number, params: number): Candidate => ({
      design: [],
      price: { unfused, multAdds, params } as Price,
    });
    const front = withCandidate([at(3, 3, 3), at(1, 9, 9)], at(2, 2, 2), 'unfused');
    expect(front.map(({ price }) => price.unfused)).toEqual([1, 2]);
    expect(withCandidate(front, at(2, 2, 2), 'unfused')).toBe(front);
  });
});

describe('the recipe', () => {
  it('turns DenseNet-121 into OSA with a third of its memory access at no more multiply-adds', () => {
    const space = spaceOf('densenet121');
    const [osa] = recipes(space);
    expect(osa!.price.multAdds).toBeLessThanOrEqual(space.budget.limits[0]!.amount);
    expect(osa!.price.unfused).toBeLessThan(
      0.4 * profile(graphOfModel(builtIn('densenet121'))).totals.memoryAccess.unfused,
    );
    expect(osa!.design.every(({ aggregation, layers }) => aggregation === 'osa' && layers === 5)).toBe(true);
  });
});

it('a design written as a config reads back as the same network', () => {
  const space = spaceOf('densenet121');
  for (const { design, price } of [...recipes(space), ...searched(space).front.slice(0, 3)]) {
    const text = writeConfig({
      name: 'mine',
      input: [3, 224, 224],
      items: itemsOf(space.template, design),
      comment: ['a\nb'],
    });
    const { totals } = profile(graphOfModel(readConfig(text, 'mine.yaml')));
    expect([totals.params, totals.multAdds, totals.memoryAccess.unfused]).toEqual([
      price.params,
      price.multAdds,
      price.unfused,
    ]);
  }
});

/** A layer far from balance, and a prediction at the end that is as far. */
const HEADS = `input: 3x64x64
layers:
  - conv: { channels: 256, kernel: 3, padding: 1 }
  - conv: { channels: 16, kernel: 3, padding: 1 }
  - relu: {}
  - conv: { channels: 256, kernel: 1 }
  - conv: { channels: 16, kernel: 3, padding: 1 }
`;

const adviceOf = (name: string) => {
  const graph = graphOfModel(builtIn(name));
  return adviceFor(profile(graph), graph);
};

describe('advice', () => {
  it('leaves out the prediction of a classifier of convolutions, and not the layers before it', () => {
    const layers = adviceOf('squeezenet1_1').map(({ channels }) => channels[1]);
    expect(layers.length).toBeGreaterThan(0);
    expect(layers).not.toContain(1000);
  });

  it('leaves out what a detector predicts, and still advises on its other layers', () => {
    const graph = graphOfModel(readConfig(HEADS, 'heads.yaml'));
    expect(
      adviceFor(profile(graph), graph)
        .map(({ channels }) => channels[1])
        .sort(),
    ).toEqual([16, 256]);
    // DSOD puts a norm after each prediction, FCOS a learnt scale and a ReLU.
    for (const [name, predicted] of [
      ['dsod300@vovnet39', 'predict'],
      ['centermask@V-39-eSE', 'bbox_pred'],
    ] as const) {
      const [detector, backbone] = name.split('@') as [string, string];
      const found = graphOfModel(detectorOn(detector, builtIn(backbone)));
      const layers = adviceFor(profile(found), found).map(({ layer }) => layer);
      expect(layers.length).toBeGreaterThan(0);
      expect(layers.filter((layer) => layer.includes(predicted))).toEqual([]);
    }
  });

  it('balances 128 -> 32 to 64 -> 64 at equal multiply-adds, and says what that saves', () => {
    const one = adviceOf('densenet121').find(({ layer }) => layer.endsWith('denseblock1.denselayer1.conv2'))!;
    const before = 56 * 56 * (128 + 32) + 9 * 128 * 32;
    const after = 56 * 56 * (64 + 64) + 9 * 64 * 64;
    expect(one).toMatchObject({ channels: [128, 32], balanced: [64, 64], saved: before - after });
    expect(one.share).toBeCloseTo((before - after) / before, 12);
  });

  it('says nothing of the image, of depthwise convolutions, or of balanced ones', () => {
    for (const name of ['mobilenet_v1', 'vgg16']) {
      for (const { layer, channels, balance } of adviceOf(name)) {
        expect(channels[0], layer).not.toBe(3);
        expect(balance).toBeGreaterThan(1.02);
      }
    }
  });
});

it('a long front is shown from end to end', () => {
  expect(spread([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7]);
  expect(spread([1, 2], 3)).toEqual([1, 2]);
  expect(spread([1, 2], 1)).toEqual([1]);
});

describe('a palette', () => {
  const space = spaceOf('densenet121');
  const list = new PriceList(space.template);
  const only = (change: Partial<typeof EVERYTHING>): readonly Candidate[] => {
    const { front } = searchShare({ ...space, palette: { ...EVERYTHING, ...change } }, list, 0, 600);
    expect(front.length).toBeGreaterThan(0);
    return front;
  };
  const levels = (front: readonly Candidate[]): readonly Level[] => front.flatMap(({ design }) => design);

  it.each([
    ['aggregations', { aggregations: ['osa'] as const }, (level: Level) => level.aggregation === 'osa'],
    ['dense', { aggregations: ['dense'] as const }, (level: Level) => level.aggregation === 'dense'],
    ['partial', { partial: false }, (level: Level) => !level.partial],
    ['bottleneck', { bottleneck: false }, (level: Level) => !level.bottleneck],
    ['groups', { groups: [1] }, (level: Level) => level.groups === 1],
    ['groups of two', { groups: [2] }, (level: Level) => level.groups === 2],
    ['layers', { layers: [4, 6] }, (level: Level) => [4, 6].includes(level.layers)],
  ])('holds every design: %s', (_, change, keeps) => {
    expect(levels(only(change)).every(keeps)).toBe(true);
  });

  it("holds the original's channels", () => {
    const { levels: original } = templateFor('densenet121');
    for (const { design } of only({ channels: false }))
      expect(design.map(({ channels }) => channels)).toEqual(original.map(({ channels }) => channels));
  });

  it('without OSA has no recipe of OSA, and with other layers none of five', () => {
    expect(recipes({ ...space, palette: { ...EVERYTHING, aggregations: ['dense'] } })).toEqual([]);
    expect(recipes({ ...space, palette: { ...EVERYTHING, layers: [4] } })).toEqual([]);
  });
});
