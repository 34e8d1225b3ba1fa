// What does the library offer? Its public face: models, graphs, profiles, comparisons and closed forms.

export { builtIn, builtInNames, isBuiltIn } from './builtIn.js';
export { blockModel, blockModelNames } from './blockModels.js';
export { Builder, type Place } from './builder.js';
export { closedForm, type ClosedForm, type FieldSymbols } from './formula/closedForm.js';
export { compare, type Comparison } from './compare.js';
export type { Counts, MemoryAccess } from './cost.js';
export { originOf, type Candidate, type Origin } from './counters/likely.js';
export { reconcile, type Counted, type Reconciliation } from './counters/reconcile.js';
export { compile } from './dim/compile.js';
export { symbol, type Dim } from './dim/dim.js';
export { evaluate, substitute } from './dim/evaluate.js';
export { parse, show } from './dim/text.js';
export { formula, type Formula } from './formula/formula.js';
export type { Graph, Node, Omission, Value } from './graph.js';
export { graphOf, type Model } from './model.js';
export { InputError } from './inputError.js';
export { groupBy, profile, type Group, type Layer, type Profile, type Totals } from './profile.js';
export type { Shape } from './shape.js';
export { segmentsOf, type Segment } from './training/checkpoint.js';
export { trainingReading } from './training/forms.js';
export { cheapestWithin, frontOf, type Front } from './training/search.js';
export { training, type Training, type TrainingOptions } from './training/training.js';
