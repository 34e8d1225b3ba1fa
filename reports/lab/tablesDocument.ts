// Makes a page of VoVNet's tables: the published rows and the differences between them.

import type { Compared, VoVNetTables } from '../../src/studies/voVNetTables.js';
import { studyTablesSheets } from '../sheets/studyTablesSheets.js';
import type { LabDocument } from './document.js';

export function tablesDocument(result: VoVNetTables): LabDocument {
  const figures = result.rows
    .flatMap(({ flops, params }): readonly Compared[] => [flops, params])
    .filter(({ verdict }) => verdict !== null);
  const number = (verdict: Compared['verdict']): number => figures.filter((one) => one.verdict === verdict).length;
  const ids = ['rows', 'differences'];
  return {
    name: 'study vovnet-tables',
    title: "VoVNet's tables, counted again",
    headline: `Of ${figures.length} printed FLOPs and params, ${number('all digits')} follow to every printed digit`,
    explanation: `${number('within 1 %')} more within 1 %; ${number('differs')} differ, each with its reason in a note.`,
    assumptions: null,
    findings: [],
    sections: studyTablesSheets(result).map((sheet, i) => ({
      id: `tables-${ids[i]!}`,
      heading: sheet.title,
      lead:
        result.device === null
          ? 'Counted from our networks; the figures of the sources are theirs, on their GPUs.'
          : `Run on ${result.device}; the figures of the sources are theirs, on their GPUs.`,
      picture: null,
      sheet,
      notes: sheet.notes,
    })),
  };
}
