// How do the lab's experiments become one page? Verdicts first, then each with its picture and table; no script, nothing is fetched.

import { guidelineSheets } from '../guidelineSheets.js';
import { labPicture } from '../charts/labRatios.js';
import { escape, fontFace, hashOf, type PageParts } from '../report/html.js';
import { visible } from '../visible.js';
import type { LabResult, Outcome, Verdict } from '../../src/lab/outcome.js';
import { sheetHtml } from './sheetHtml.js';

/** One experiment as PNG, for two widths of screens and two themes. */
export type InlineCharts = Readonly<Record<'wide' | 'narrow', Readonly<Record<'light' | 'dark', ChartImage>>>>;
export interface ChartImage {
  /** At twice its size, for fine screens and paper. */
  readonly png: Uint8Array;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Screens below this width show the narrow picture. */
const NARROW = 560;

export interface LabPage {
  readonly result: LabResult;
  /** In the order of the outcomes; null where no canvas is at hand. */
  readonly charts: readonly InlineCharts[] | null;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly version: string;
}

export function labPage(page: LabPage, { style, fonts }: Omit<PageParts, 'script'>): string {
  const { result, charts, madeAt, version } = page;
  const css = `${fonts.map(fontFace).join('')}${style}${STYLE}`;
  const sheets = guidelineSheets(result);
  const facts: readonly (readonly [string, string])[] = [
    ['measured on', result.device ?? 'nothing: counted only'],
    ['assumptions', assumed(result)],
    ['made', `${madeAt.slice(0, 10)} by flopscope ${version}`],
  ];
  const { headline, explanation } = wordsOf(result);
  return `<!doctype html>
<html lang="en" data-ready>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(css)}'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${text(headline)} - flopscope guidelines</title>
<link rel="icon" href="data:,">
<style>${css}</style>
</head>
<body>
<a class="skip offscreen" href="#main">To the verdicts</a>
<header>
<div class="masthead"><h1><span class="brand">flopscope guidelines</span> ShuffleNetV2's and VoVNet's experiments</h1></div>
<dl id="facts">${facts.map(([term, words]) => `<dt>${text(term)}</dt><dd>${text(words)}</dd>`).join('')}</dl>
</header>
<main id="main">
<section aria-label="Verdicts">
<p id="headline">${text(headline)}</p>
<p id="explanation">${text(explanation)}</p>
<ul id="findings">${result.outcomes.map(finding).join('')}</ul>
</section>
${result.outcomes.map((outcome, i) => section(outcome, sheetHtml(sheets[i]!), sheets[i]!.notes, charts?.[i])).join('\n')}
</main>
<footer>Made by flopscope ${text(version)}. This file holds all of its data and asks nothing of any network.</footer>
</body>
</html>
`;
}

const text = (words: string): string => escape(visible(words));

const WORDS: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  'does not hold': 'does not hold',
  'within noise': 'cannot be told from noise',
  mixed: 'mixed evidence',
};

const finding = ({ key, claim, verdict, because }: Outcome): string =>
  `<li><strong>${text(key)}</strong> ${text(claim)}${verdict === null ? '' : `: <strong class="${VERDICT_CLASS[verdict]}">${WORDS[verdict]}</strong> (${text(because!)})`}</li>`;

const VERDICT_CLASS: Readonly<Record<Verdict, string>> = {
  holds: 'less',
  'does not hold': 'more',
  'within noise': 'noise',
  mixed: 'noise',
};

function wordsOf({ outcomes, device }: LabResult): { readonly headline: string; readonly explanation: string } {
  const count = `${outcomes.length} ${outcomes.length === 1 ? 'claim' : 'claims'}`;
  if (device === null)
    return {
      headline: `${count}, counted beside what the papers measured`,
      explanation:
        'Nothing was measured here, so there is no verdict: flopscope guidelines without --no-measure times every variant on your device.',
    };
  const number = (verdict: Verdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const unjudged = outcomes.filter(({ verdict }) => verdict === null).length;
  return {
    headline: `Of ${count}, ${number('holds')} ${number('holds') === 1 ? 'holds' : 'hold'} on ${device}`,
    explanation: `Not borne out: ${number('does not hold')}. Mixed: ${number('mixed')}. Not to be told from noise: ${number('within noise')}.${unjudged === 0 ? '' : ` Not judged, because this engine lacks the op: ${unjudged}.`} A variant counts where its ratio to the first lies more than two standard uncertainties from what the claim denies.`,
  };
}

function assumed({ assumptions: { batch, side, blocks, widths, scales, squeeze } }: LabResult): string {
  return `batch ${batch}, ${blocks} blocks at ${side}x${side}, channels of the paper's ${widths === 'gpu' ? 'GPU' : 'ARM'} columns times ${scales.join(', ')}, bottleneck units squeezed ${squeeze} times`;
}

function section(outcome: Outcome, table: string, notes: readonly string[], charts: InlineCharts | undefined): string {
  const id = `experiment-${outcome.key}`;
  return `<section aria-labelledby="${id}"><h2 id="${id}">${text(outcome.key)}: ${text(outcome.claim)}</h2>
<p>${text(notes[0]!)}</p>
${charts ? figure(outcome, charts) : ''}
<div class="tableview">${table}</div>
${
  notes.length > 1
    ? `<ul class="notes">${notes
        .slice(1)
        .map((note) => `<li>${text(note)}</li>`)
        .join('')}</ul>`
    : ''
}</section>`;
}

function figure(outcome: Outcome, { wide, narrow }: InlineCharts): string {
  const { lead, summary } = labPicture(outcome);
  const source = ({ png, width, height }: ChartImage, media: string): string =>
    `<source media="${media}" srcset="${dataUri(png)}" width="${width}" height="${height}">`;
  const dark = 'screen and (prefers-color-scheme: dark)';
  const { png, width, height } = wide.light;
  return `<figure><p class="lead">${text(lead)}</p><picture>${[
    source(narrow.dark, `${dark} and (max-width: ${NARROW}px)`),
    source(narrow.light, `screen and (max-width: ${NARROW}px)`),
    source(wide.dark, dark),
  ].join('')}<img src="${dataUri(png)}" width="${width}" height="${height}" alt="${text(summary)}"></picture></figure>`;
}

const dataUri = (png: Uint8Array): string => `data:image/png;base64,${Buffer.from(png).toString('base64')}`;

/** What the report's style lacks. */
const STYLE = `
figure img { display: block; max-width: 100%; height: auto; }
#findings { padding-left: 18px; }
strong.less { color: var(--less); }
strong.more { color: var(--more); }
strong.noise { color: var(--muted); }
.scroller { max-height: none; }
ul.notes { margin-top: 10px; padding-left: 18px; max-width: 92ch; font-size: 13.5px; color: var(--muted); overflow-wrap: anywhere; }
@media print { section { break-inside: avoid-page; } figure img { max-height: 150mm; width: auto; } }
`;
