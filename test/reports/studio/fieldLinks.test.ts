// Is each layer of a family told by the fields that make it? Known answers, and a law over all families.

import { describe, expect, it } from 'vitest';
import { fieldLinks, type FieldLinks } from '../../../reports/studio/core/fieldLinks.js';
import { FAMILIES } from '../../../src/families/table.js';
import { writeFamily } from '../../../src/exporters/config/writeFamily.js';
import { openConfig } from '../../../src/importers/config/readConfig.js';
import { graphOf } from '../../../src/model.js';
import type { Graph } from '../../../src/graph.js';

function linksOf(text: string): { readonly graph: Graph; readonly links: FieldLinks; made(name: string): string[] } {
  const opened = openConfig(text, 'net.yaml');
  const graph = graphOf(opened.model);
  const links = fieldLinks(opened, graph);
  const made = (name: string): string[] => {
    const place = graph.nodes.findIndex((node) => node.name === name);
    expect(place).toBeGreaterThanOrEqual(0);
    return links.layers[place]!.map((at) => links.values[at]!.field);
  };
  return { graph, links, made };
}

const text = (family: string, variant: string): string => {
  const found = FAMILIES.find(({ name }) => name === family)!;
  return writeFamily(found, found.variants[variant]!, variant);
};

describe('the fields that make a layer', () => {
  it('of VoVNet: widths of its own stage, then how many modules there are', () => {
    const { made, links } = linksOf(text('vovnet', 'vovnet57'));
    expect(made('stem.stem_3/conv')[0]).toBe('stem.2');
    expect(made('stage3.OSA3_1.layers.2.OSA3_1_2/conv')[0]).toBe('growth.1');
    expect(made('stage3.OSA3_1.concat.OSA3_1_concat/conv')[0]).toBe('channels.1');
    expect(made('stage3.OSA3_1.concat.OSA3_1_concat/norm')[0]).toBe('channels.1');
    expect(made('stage4.OSA4_3.layers.0.OSA4_3_0/conv')).toContain('modules.2');
    expect(made('stage4.Pooling')[0]).toBe('modules.2');
    expect(made('classifier')[0]).toBe('classes');
    const growth = links.values.find(({ field }) => field === 'growth.1')!;
    expect(text('vovnet', 'vovnet57').slice(growth.from, growth.to)).toBe('160');
    expect(text('vovnet', 'vovnet57').split('\n')[growth.line - 1]).toMatch(/^growth: /);
  });

  it('of DenseNet: growth of every layer, compression of a transition', () => {
    const { made } = linksOf(text('densenet', 'densenet121'));
    expect(made('features.denseblock2.denselayer3.conv2')[0]).toBe('growth');
    expect(made('features.denseblock2.denselayer3.conv1')[0]).toBe('bottleneckWidth');
    expect(made('features.transition1.conv')[0]).toBe('compression');
    expect(made('features.denseblock4.denselayer3.conv2')).toContain('blocks.3');
  });

  it('of ResNet: widths of the stage', () => {
    const { made } = linksOf(text('resnet', 'resnet50'));
    expect(made('layer2.0.conv2')).toContain('channels.1');
    expect(made('conv1')[0]).toBe('stem');
    expect(made('layer3.5.conv1')).toContain('depths.2');
  });

  it('says nothing where another name is all that a value gives', () => {
    const { made } = linksOf(text('vovnet', 'ese_vovnet39b'));
    expect(made('stem.0.conv')).not.toContain('naming');
  });

  it.each(FAMILIES.map((family) => [family.name, family] as const))(
    '%s: every value of the config that is told is one of its scalars, and most convolutions are told',
    (_, family) => {
      const [variant, given] = Object.entries(family.variants)[0]!;
      const config = writeFamily(family, given, variant);
      const { graph, links } = linksOf(config);
      expect(links.layers.length).toBe(graph.nodes.length);
      for (const { from, to, line } of links.values) {
        expect(config.slice(from, to).trim()).not.toBe('');
        expect(config.slice(0, from).split('\n').length).toBe(line);
      }
      const convolutions = graph.nodes.flatMap(({ op }, place) => (op === 'conv' ? [place] : []));
      const told = convolutions.filter((place) => links.layers[place]!.length > 0);
      expect(told.length / convolutions.length).toBeGreaterThan(0.7);
    },
  );
});
