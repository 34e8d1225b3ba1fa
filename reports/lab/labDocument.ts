// Makes a page of a record. The record's schema chooses the document.

import type { LabResult } from '../../src/lab/outcome.js';
import type { OsaStudy } from '../../src/lab/osaStudy.js';
import type { VoVNetTables } from '../../src/studies/voVNetTables.js';
import type { LabDocument } from './document.js';
import { guidelinesDocument } from './guidelinesDocument.js';
import { osaDocument } from './osaDocument.js';
import { tablesDocument } from './tablesDocument.js';

/** The record that `-o NAME.json` writes and `--from` reads. */
export type LabRecord = LabResult | OsaStudy | VoVNetTables;

/** The data of the page's script, which the page can also download. */
export interface LabPageData {
  readonly record: LabRecord;
  /** Under a picture that is saved. */
  readonly source: string;
}

const DOCUMENTS: { readonly [S in LabRecord['schema']]: (record: Extract<LabRecord, { schema: S }>) => LabDocument } = {
  'flopscope.guidelines/1': guidelinesDocument,
  'flopscope.study.osa/1': osaDocument,
  'flopscope.study.vovnet-tables/1': tablesDocument,
};

export const labDocument = (record: LabRecord): LabDocument =>
  (DOCUMENTS[record.schema] as (record: LabRecord) => LabDocument)(record);
