// The data of a page of any experiment: text, findings, and sections with a table and a chart.

import type { Picture } from '../charts/chart.js';
import type { AnySheet } from '../sheets/sheet.js';
import type { ClaimVerdict } from '../../src/lab/outcome.js';

export interface LabDocument {
  /** The command after "flopscope". */
  readonly name: string;
  readonly title: string;
  readonly headline: string;
  readonly explanation: string;
  readonly assumptions: string | null;
  readonly findings: readonly Finding[];
  readonly sections: readonly LabSection[];
}

export interface Finding {
  readonly key: string;
  readonly claim: string;
  readonly verdict: ClaimVerdict | null;
  readonly because: string | null;
}

export interface LabSection {
  /** Names its place in the page and its picture's file. */
  readonly id: string;
  readonly heading: string;
  /** Where it comes from and what was built. */
  readonly lead: string;
  readonly picture: Picture | null;
  readonly sheet: AnySheet;
  readonly notes: readonly string[];
}
