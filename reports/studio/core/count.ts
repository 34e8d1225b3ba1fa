// Counts the network of a tab, and finds the line of the config that made each layer.

import { InputError } from '../../../src/inputError.js';
import type { ImageSize } from '../../../src/families/family.js';
import type { Graph } from '../../../src/graph.js';
import { graphOf, type Config, type Model } from '../../../src/model.js';
import { profile, type Layer, type Profile } from '../../../src/profile.js';
import { open, type Opened } from './documents.js';
import type { Counted, Wanted } from './protocol.js';

export interface Subject {
  readonly opened: Opened;
  readonly model: Model;
  readonly graph: Graph;
  readonly profile: Profile;
}

/** @throws InputError of one sentence */
export async function subjectOf(wanted: Wanted): Promise<Subject> {
  const opened = await open(wanted);
  const { model } = opened;
  const { input, batch, bytes } = wanted.options;
  const graph = graphOf(model, batch ?? undefined, input === null ? model.input : sizeIn(input));
  const bytesPerElement = bytes ?? model.bytesPerElement;
  // A config was counted while it was read: its edits wait for one count, not for two.
  const counted = profile(graph, {
    source: model.source,
    ...(bytesPerElement === undefined ? {} : { bytesPerElement }),
  });
  return { opened, model, graph, profile: counted };
}

export async function count(wanted: Wanted): Promise<Counted> {
  const { opened, model, profile: counted } = await subjectOf(wanted);
  return {
    name: model.name,
    from: model.source,
    own: { input: model.input, batch: model.batch ?? 1, bytes: model.bytesPerElement ?? 4 },
    profile: counted,
    lines: linesOf(opened, counted.layers),
  };
}

/** Channels, height and width joined by x. */
export function sizeIn(text: string): ImageSize {
  const sides = text.split(/[x×]/).map((side) => (/^\s*\d{1,9}\s*$/.test(side) ? Number(side) : 0));
  if (sides.length !== 3 || sides.some((side) => side < 1))
    throw new InputError(`the input size is ${JSON.stringify(text)}: write channels x height x width, as in 3x224x224`);
  return sides as unknown as ImageSize;
}

/**
 * In a config of layers a node bears the name of its layer, or of the block that stands there; a
 * layer that is repeated has a number behind it. In a config of a family all layers are the
 * family's: `fieldLinks` tells which of its fields make each.
 */
function linesOf({ model, lineOf }: Opened, layers: readonly Layer[]): Counted['lines'] {
  if (!lineOf) return null;
  // A family may have a field of this name, too.
  if (!Array.isArray(model.config['layers'])) return new Array<number>(layers.length).fill(lineOf(['family']));
  const items = model.config['layers'] as readonly (Config & { readonly name: string })[];
  const lines = new Map(items.map(({ name }, i) => [name, lineOf(['layers', i])]));
  const repeated = new Set(items.filter(({ repeat }) => repeat !== undefined).map(({ name }) => name));
  return layers.map(({ name, block }) => {
    const full = block === '' ? name : block;
    const base = full.replace(/-\d+$/, '');
    return lines.get(repeated.has(base) ? base : full) ?? lines.get(full) ?? null;
  });
}
