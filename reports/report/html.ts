// Writes report data as one HTML file with its script, style and fonts. It fetches nothing.

import { visible } from '../../src/visible.js';
import { factsOf, othersOf } from './facts.js';
import { escape } from './markup.js';
import type { ReportData } from './reportData.js';
import { shell, type PageParts } from './shell.js';
import { trainingParts } from './trainingText.js';
import { warningsOf } from './warnings.js';

export function html(data: ReportData, parts: PageParts): string {
  const view = data.views[0]!;
  const title = escape(visible(data.title));
  const list = (items: readonly string[]): string => items.map((item) => `<li>${escape(item)}</li>`).join('');
  const [doubts, others] = [[...warningsOf(data, view), ...data.notes], othersOf(data, view)];
  const parted = trainingParts(data, view);
  const facts = factsOf(data, view)
    .map(({ term, text }) => `<dt>${escape(term)}</dt><dd>${escape(text)}</dd>`)
    .join('');
  const body = `<a class="skip offscreen" href="#main">To the findings</a>
<header>
<div class="masthead"><h1 dir="auto"><span class="brand">flopscope report</span> ${title}</h1><div id="controls"></div></div>
</header>
<main id="main">
<section aria-label="Findings">
<p id="headline">${escape(view.headline)}</p>
<p id="explanation">${escape(view.explanation)}</p>
<div id="advice"></div>
<div id="findings"><ul>${list(view.findings)}</ul></div>
<p id="ranking">${escape(view.ranking ?? '')}</p>
<div class="note" id="doubts"${hiddenIf(doubts)}><strong>To be known about these figures</strong><ul id="warnings">${list(doubts)}</ul></div>
<div class="note" id="others"${hiddenIf(others)}><strong>Also in this report</strong>, each compared only within itself<span class="onscreen">; choose it above</span><ul id="elsewhere">${list(others)}</ul></div>
<noscript><p class="note">The charts and tables of this page are drawn by its own script, which is switched off here. The findings above are complete.</p></noscript>
<div id="cards"></div>
<dl id="facts">${facts}</dl>
</section>
<section id="predicted" aria-labelledby="predicted-title" hidden><h2 id="predicted-title">Predicted times</h2>
<p>Predicted from counts by device records; nothing in this table was measured.</p>
<div id="predicted-times"></div></section>
<section id="where" aria-labelledby="where-title" hidden><h2 id="where-title">Where the cost lies</h2>
<p>Stages, their blocks and their layers, each as wide as its share. Press a part to open it.</p>
<div id="where-parts"></div></section>
<section id="whole-section" aria-labelledby="whole"><h2 id="whole">The whole networks</h2>
<p>What each network costs, and where it was measured, how that relates to its time.</p>
<div class="charts" id="charts-whole"></div></section>
<section aria-labelledby="close"><h2 id="close">Inside the networks</h2>
<p>Where in a network its costs fall, stage by stage and layer by layer.</p>
<div id="focus" role="group" aria-labelledby="focus-label"></div>
<div class="charts" id="charts-close"></div></section>
<section id="training" aria-labelledby="training-title"${hiddenIf(parted)}><h2 id="training-title">Training</h2>
<p>What a training step takes and keeps, beside inference.</p>
<div id="training-parts">${parted.map(({ label, sentences }) => `<h3>${escape(label)}</h3><ul>${list(sentences)}</ul>`).join('')}</div></section>
<section aria-labelledby="networks"><h2 id="networks">Networks</h2>
<p>All totals. A click on a heading sorts; "?" explains it.</p>
<div id="network-table"></div></section>
<section id="earlier" aria-labelledby="earlier-title" hidden><h2 id="earlier-title">Before and after</h2>
<p>Networks that were measured here before: the earlier run beside the latest, which the rest of this page shows.</p>
<div id="earlier-runs"></div></section>
<section aria-labelledby="layers"><h2 id="layers">Layers</h2>
<p id="layers-lead">Every layer in order of execution, gathered by stage; open a group to see its layers.</p>
<div id="layer-table"></div></section>
<section aria-labelledby="words"><h2 id="words">Words</h2>
<details><summary>What every word of this page means</summary>
<dl id="definitions"></dl></details></section>
</main>
<footer>Made by flopscope ${escape(visible(data.flopscope))}. This file holds all of its data and asks nothing of any network.</footer>
<div id="definition" popover role="note"></div>
<div id="announcement" role="status" aria-live="polite"></div>`;
  return shell(`${visible(data.title)} - flopscope`, body, data, parts);
}

const hiddenIf = (texts: readonly unknown[]): string => (texts.length === 0 ? ' hidden' : '');
