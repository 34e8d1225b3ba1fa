// Writes a record as one HTML page: verdicts first, then each part. The page fetches nothing.

import { escape } from '../report/markup.js';
import { shell, type PageParts } from '../report/shell.js';
import { visible } from '../../src/visible.js';
import type { ClaimVerdict } from '../../src/lab/outcome.js';
import type { Setup } from '../../src/measure/setup.js';
import { counted } from '../../src/plural.js';
import type { Finding, LabSection } from './document.js';
import { labDocument, type LabPageData, type LabRecord } from './labDocument.js';
import { sheetHtml } from './sheetHtml.js';

export interface LabPage {
  readonly record: LabRecord;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly version: string;
}

export function labPage({ record, madeAt, version }: LabPage, parts: PageParts): string {
  const document = labDocument(record);
  const { name, title, headline, explanation, findings, sections } = document;
  const facts: readonly (readonly [string, string])[] = [
    ['Measured on', record.device ?? 'nothing: counted only'],
    ...(record.setup ? protocolFacts(record.setup) : []),
    ...(document.assumptions === null ? [] : ([['Assumptions', document.assumptions]] as const)),
    ['Made', `${madeAt.slice(0, 10)} by flopscope ${version}`],
  ];
  const body = `<a class="skip offscreen" href="#main">To the findings</a>
<header>
<div class="masthead"><h1><span class="brand">flopscope ${text(name)}</span> ${text(title)}</h1><div id="controls"></div></div>
<dl id="facts">${facts.map(([term, words]) => `<dt>${text(term)}</dt><dd>${text(words)}</dd>`).join('')}</dl>
</header>
<main id="main" class="lab">
<section aria-label="Findings">
<p id="headline">${text(headline)}</p>
<p id="explanation">${text(explanation)}</p>
${findings.length === 0 ? '' : `<ul id="findings">${findings.map((one) => finding(one, record.device !== null)).join('')}</ul>`}
<noscript><p class="note">The pictures of this page are drawn by its own script, which is switched off here. The tables are complete.</p></noscript>
</section>
${sections.map(section).join('\n')}
</main>
<footer>Made by flopscope ${text(version)}. This file holds all of its data and asks nothing of any network.</footer>
<div id="announcement" role="status" aria-live="polite"></div>`;
  const data: LabPageData = { record, source: sourceOf(record, version) };
  return shell(`${visible(headline)} - flopscope ${name}`, body, data, parts);
}

/** Under a picture that stands alone: where its data come from. */
export const sourceOf = ({ device, setup }: LabRecord, version: string): string =>
  device === null
    ? `Counted, not measured; flopscope ${version}.`
    : `Measured on ${device}${setup ? `, ${setup.measured[0].slice(0, 10)}` : ''}; flopscope ${version}.`;

function protocolFacts({
  measured,
  protocol,
  precision,
  mode,
  versions,
}: Setup): readonly (readonly [string, string])[] {
  const { warmups, windows, minWindowSeconds } = protocol;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    [
      'Protocol',
      `${measured[0].slice(0, 10)}; each variant: median of ${counted(windows, 'window')} of at least ${minWindowSeconds} s after ${counted(warmups, 'warm-up')}; ${precision}, ${mode === 'fused' ? 'folded and fused for inference' : 'every op as written'}`,
    ],
    ...(packages.length === 0 ? [] : ([['Versions', packages.join(', ')]] as const)),
  ];
}

const text = (words: string): string => escape(visible(words));

const WORDS: Readonly<Record<ClaimVerdict, string>> = {
  holds: 'holds',
  'does not hold': 'does not hold',
  'within noise': 'cannot be told from noise',
  mixed: 'mixed evidence',
};
const VERDICT_CLASS: Readonly<Record<ClaimVerdict, string>> = {
  holds: 'less',
  'does not hold': 'more',
  'within noise': 'noise',
  mixed: 'noise',
};

/** @param measured whether a verdict could be there */
const finding = ({ key, claim, verdict, because }: Finding, measured: boolean): string =>
  `<li><strong>${text(key)}</strong> ${text(claim)}${verdict === null ? (measured ? ': <strong class="noise">not judged</strong>' : '') : `: <strong class="${VERDICT_CLASS[verdict]}">${WORDS[verdict]}</strong> (${text(because ?? '')})`}</li>`;

function section({ id, heading, lead, picture, sheet, notes }: LabSection): string {
  const list = notes.map((note) => `<li>${text(note)}</li>`).join('');
  return `<section aria-labelledby="${id}-heading"><h2 id="${id}-heading">${text(heading)}</h2>
<p>${text(lead)}</p>
${picture ? `<div class="charts" id="charts-${id}"></div>` : ''}
<div class="tableview">${sheetHtml(sheet)}</div>
${list === '' ? '' : `<ul class="notes">${list}</ul>`}</section>`;
}
