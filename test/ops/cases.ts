// All known answers of ops: small odd shapes, and what a loop counts there.

import type { Case } from './case.js';
import * as functionCases from './functionCases.js';
import { activations, convolutions, linears, norms, transposedConvolutions } from './layerCases.js';
import * as layoutCases from './layoutCases.js';
import * as movementCases from './movementCases.js';
import { arrangements, combinations, dilatedPools, pools, regions, wholePools } from './shapeCases.js';
import * as spatialCases from './spatialCases.js';

export const CASES: readonly Case[] = [
  ...[
    convolutions,
    transposedConvolutions,
    regions,
    linears,
    norms,
    activations,
    pools,
    dilatedPools,
    wholePools,
    combinations,
    arrangements,
    ...[layoutCases, spatialCases, functionCases, movementCases].flatMap((cases) => Object.values(cases)),
  ].flat(),
];
