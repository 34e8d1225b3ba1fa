// Makes a page of the guidelines: one section for each experiment, with ratios as bars.

import type { LabResult } from '../../src/lab/outcome.js';
import { labPicture } from '../charts/labRatios.js';
import { guidelineSheets } from '../sheets/guidelineSheets.js';
import type { LabDocument } from './document.js';
import { verdictWords } from './verdictWords.js';

export function guidelinesDocument(result: LabResult): LabDocument {
  const { outcomes, device, assumptions } = result;
  const { batch, side, blocks, widths, scales, squeeze } = assumptions;
  const sheets = guidelineSheets(result);
  return {
    name: 'guidelines',
    title: "ShuffleNetV2's and VoVNet's experiments",
    ...verdictWords(outcomes, device, 'guidelines'),
    assumptions: `batch ${batch}, ${blocks} blocks at ${side}x${side}, channels of the paper's ${widths === 'gpu' ? 'GPU' : 'ARM'} columns times ${scales.join(', ')}, bottleneck units squeezed ${squeeze} times`,
    findings: outcomes,
    sections: outcomes.map((outcome, i) => {
      const [lead = '', ...notes] = sheets[i]!.notes;
      return {
        id: `guideline-${outcome.key.toLowerCase()}`,
        heading: `${outcome.key}: ${outcome.claim}`,
        lead,
        picture: labPicture(outcome),
        sheet: sheets[i]!,
        notes,
      };
    }),
  };
}
