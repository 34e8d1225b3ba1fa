// The sentences of a report about training: one part for each network, its findings last.

import { fileNoteTexts } from '../../src/training/fileNotes.js';
import { trainingText } from '../../src/training/optionsText.js';
import type { Miss } from '../../src/training/search.js';
import { counted } from '../../src/plural.js';
import { abbreviate, visible } from '../../src/visible.js';
import { findingText } from '../text/findingText.js';
import { bytes, grouped, short } from '../text/number.js';
import { keptAtLeastText } from '../text/keptAtLeast.js';
import { notTrainedTexts } from '../text/notTrained.js';
import { searchTexts, underCheckpointText } from '../text/searchText.js';
import type { ReportData, View } from './reportData.js';
import type { TrainedNetwork } from './trained.js';

export interface TrainedPart {
  readonly label: string;
  readonly sentences: readonly string[];
}

/** Empty where training is not shown. */
export const trainingParts = (data: ReportData, view: View): readonly TrainedPart[] =>
  view.entries.flatMap(({ network }) => {
    const { label, training, missesBudget, lowerBound } = data.networks[network]!;
    if (missesBudget) return [{ label: visible(label), sentences: [missSentence(missesBudget)] }];
    return training ? [{ label: visible(label), sentences: sentencesOf(training, lowerBound !== undefined) }] : [];
  });

/** Which budget a network misses, and by how much. */
const missSentence = ({ budget, leastPeakBytes, segments, of, exact }: Miss): string =>
  `No set of checkpoints of ${of.join(', ')}${exact ? '' : ' that was looked at'} fits in ${grouped(budget)} bytes: ` +
  `the least peak${exact ? '' : ' that was found'} is ${grouped(leastPeakBytes)} bytes, ${grouped(leastPeakBytes - budget)} too many, with ${counted(segments, 'segment')} under a checkpoint. A smaller batch or input takes less.`;

function sentencesOf(training: TrainedNetwork, isBound: boolean): readonly string[] {
  const { totals, segments, search, keptAtLeast, findings } = training;
  const { multAdds, backwardMultAdds, stepMultAdds, recomputedMultAdds, keptBytes, peak } = totals;
  const memory = [
    ['images', totals.imageBytes],
    ['parameters', totals.parameterBytes],
    ['their gradients', totals.gradientBytes],
    ["the optimiser's state", totals.optimizerBytes],
    ['half-precision copies of weights', totals.weightCopyBytes],
    ['activations and their gradients at the peak', peak.bytes],
  ] as const;
  return [
    `A step takes ${isBound ? 'at least ' : ''}${short(stepMultAdds)} multiply-adds: ${short(multAdds)} forward, ${short(backwardMultAdds)} backward${recomputedMultAdds > 0 ? `, ${short(recomputedMultAdds)} again ${segments.length > 0 ? `under ${counted(segments.length, 'checkpoint')}` : 'inside attention'}` : ''}.`,
    `The backward pass moves ${isBound ? 'at least ' : ''}${short(totals.memoryAccess)} elements of memory access${totals.recomputedMemoryAccess > 0 ? `, and what runs again ${short(totals.recomputedMemoryAccess)}` : ''}.`,
    ...(segments.length > 0 ? [`${underCheckpointText(segments)}.`] : []),
    ...notTrainedTexts(training),
    `Autograd keeps ${isBound || keptAtLeast ? 'at least ' : ''}${bytes(keptBytes)}. The peak is in the ${peak.pass} pass, at ${abbreviate(peak.at)}.`,
    `In memory ${bytes(totals.totalBytes)}: ${memory.flatMap(([what, size]) => (size > 0 ? [`${what} ${bytes(size)}`] : [])).join(', ')}.`,
    ...(keptAtLeast ? [keptAtLeastText(keptAtLeast)] : []),
    ...(search && segments.length > 0 ? searchTexts(search) : []),
    ...fileNoteTexts(training),
    ...findings.map((finding) => visible(findingText(finding))),
  ];
}

/** How the networks of a view are trained; undefined where training is not shown. */
export function trainedHow(data: ReportData, view: View): string | undefined {
  const options = view.entries.flatMap(({ network }) => data.networks[network]!.training?.options ?? [])[0];
  return (
    options &&
    visible(
      `a step as eager PyTorch 2.13 keeps it${options.amp ? ', with autocast on CUDA' : ', on a CPU, in single precision'}; ${trainingText(options)}`,
    )
  );
}
