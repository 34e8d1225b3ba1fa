// Makes a page of the OSA study: one section for the networks and one for each stage.

import type { OsaStudy } from '../../src/lab/osaStudy.js';
import { labPicture } from '../charts/labRatios.js';
import { osaStudySheet } from '../sheets/osaStudySheet.js';
import type { LabDocument } from './document.js';
import { verdictWords } from './verdictWords.js';

export function osaDocument(study: OsaStudy): LabDocument {
  const { outcomes, device, assumptions, printed } = study;
  const { batch, image, strides, layers } = assumptions;
  return {
    name: 'study osa',
    title: 'One-shot against dense aggregation',
    ...verdictWords(outcomes, device, 'study osa'),
    assumptions: `batch ${batch}; stages of a ${image.join('x')} image at ${strides.length === 1 ? 'stride' : 'strides'} ${strides.join(', ')}, OSA modules of ${layers} layers`,
    findings: outcomes.map(({ key, claim, verdict, because }) => ({
      key: key === 'cifar' ? '32x32' : key.replace('stride', 'stride '),
      ...{ claim, verdict, because },
    })),
    sections: outcomes.map((outcome) => {
      const own = { ...study, outcomes: [outcome], printed: outcome.key === 'cifar' ? printed : [] };
      // Without its part, which is the heading of the section.
      const { title, columns, rows, notes } = osaStudySheet(own);
      return {
        id: `osa-${outcome.key}`,
        heading: `${outcome.part.slice(0, 1).toUpperCase()}${outcome.part.slice(1)}`,
        lead: `${outcome.source}; ${outcome.protocol}.`,
        picture: labPicture(outcome),
        sheet: { title, columns, rows, notes },
        notes,
      };
    }),
  };
}
