// The networks that runs of files are of: each once, under names that differ.

import type { Counted } from '../compare.js';
import type { Run } from '../measure/run.js';
import { distinctNames } from './distinctNames.js';
import type { FiledRun } from './runFiles.js';

/**
 * The networks that were measured, each once whatever the number of its runs. Other counts are
 * another network, and so are other numbers.
 */
export function networksOfRuns(filed: readonly FiledRun[]): readonly Counted[] {
  const keyOf = ({ run: { model, input, totals, bytesPerElement } }: FiledRun): string =>
    JSON.stringify([model, inputOf(input), totals.multAdds, totals.params, bytesPerElement]);
  const networks = [...new Map([...filed].reverse().map((one) => [keyOf(one), one])).values()].reverse();
  // Those of one name and one input are named by their files too.
  const distinct = distinctNames(
    networks.map(({ run: { model, input }, file }) => ({ name: JSON.stringify([model, inputOf(input)]), path: file })),
  );
  return networks.map(({ run: { model, source, input, bytesPerElement, totals, lowerBound } }, i) => ({
    model: distinct[i]!.startsWith('[') ? model : `${model} (${distinct[i]!})`,
    ...{ source, input, bytesPerElement, totals },
    ...(lowerBound ? { lowerBound } : {}),
  }));
}

const inputOf = ({ n, c, h, w }: Run['input']): readonly number[] => [n, c, h, w];
