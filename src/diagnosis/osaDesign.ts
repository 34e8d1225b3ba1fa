// The OSA design of equal multiply-adds that flopscope redesign writes first, and what it saves.

import { InputError } from '../inputError.js';
import { profile } from '../profile.js';
import { graphOf, itemsOf } from '../redesign/design.js';
import { EVERYTHING } from '../redesign/palette.js';
import { recipes, type Recipe } from '../redesign/recipe.js';
import { templateOf, type Template } from '../redesign/template.js';
import { savingWith } from './changed.js';
import type { Saving, Subject } from './finding.js';
import { folded } from './folding.js';

export interface OsaDesign {
  readonly about: string;
  readonly multAdds: number;
  readonly saves: Saving;
}

/** The slack of flopscope redesign where none is given. */
const SLACK = 0.03;

/** Undefined where the network is no chain of resolutions, or no recipe fits. */
export function osaDesign(subject: Subject): OsaDesign | undefined {
  // flopscope redesign looks at the network as it is written, and the saving is of inference.
  const fitted = recipeFor(subject.written ?? subject);
  if (!fitted) return undefined;
  const { template, recipe } = fitted;
  const design = graphOf(template, recipe.design, subject.graph.name);
  const after = subject.written ? folded(design) : design;
  return { about: recipe.about, multAdds: profile(after).totals.multAdds, saves: savingWith(subject, after) };
}

/** The layers of the same design, for a config. */
export interface OsaLayers {
  readonly about: string;
  /** [C, H, W] */
  readonly input: readonly [number, number, number];
  readonly items: ReturnType<typeof itemsOf>;
}

/** Undefined as `osaDesign` is. */
export function osaLayers(subject: Pick<Subject, 'graph' | 'profile'>): OsaLayers | undefined {
  const fitted = recipeFor(subject);
  if (!fitted) return undefined;
  const { template, recipe } = fitted;
  const [, c, h, w] = template.input;
  return { about: recipe.about, input: [c, h, w], items: itemsOf(template, recipe.design) };
}

function recipeFor({
  graph,
  profile: { totals },
}: Pick<Subject, 'graph' | 'profile'>): { readonly template: Template; readonly recipe: Recipe } | undefined {
  try {
    const template = templateOf(graph);
    const [recipe] = recipes({
      template,
      reading: 'unfused',
      seed: 1,
      budget: { limits: [{ weights: { multAdds: 1 }, amount: totals.multAdds }], slack: SLACK },
      access: totals.memoryAccess.unfused,
      palette: EVERYTHING,
    });
    return recipe && { template, recipe };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
