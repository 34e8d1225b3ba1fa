// The OSA design of equal multiply-adds that flopscope redesign writes first, and what it saves.

import { InputError } from '../inputError.js';
import { profile } from '../profile.js';
import { graphOf } from '../redesign/design.js';
import { EVERYTHING } from '../redesign/palette.js';
import { recipes } from '../redesign/recipe.js';
import { templateOf } from '../redesign/template.js';
import { savingWith } from './changed.js';
import type { Saving, Subject } from './finding.js';

export interface OsaDesign {
  readonly about: string;
  readonly multAdds: number;
  readonly saves: Saving;
}

/** The slack of flopscope redesign where none is given. */
const SLACK = 0.03;

/** Undefined where the network is no chain of resolutions, or no recipe fits. */
export function osaDesign(subject: Subject): OsaDesign | undefined {
  const {
    graph,
    profile: { totals },
  } = subject;
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
    if (recipe === undefined) return undefined;
    const after = graphOf(template, recipe.design, graph.name);
    return { about: recipe.about, multAdds: profile(after).totals.multAdds, saves: savingWith(subject, after) };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
