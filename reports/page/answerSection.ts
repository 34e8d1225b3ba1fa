// The findings of one network as cards: what is so, what to change, what it saves, in which layers.

import type { Answer, PageFinding } from '../report/answer.js';
import { layersOf } from '../report/timedLayers.js';
import type { Subject } from '../charts/scene.js';
import { counted } from '../../src/plural.js';
import { percent } from '../../src/numberText.js';
import { visible } from '../../src/visible.js';
import { clipped, element } from './dom.js';

/** Layers that a card lists; the table below has all of them. */
const MOST_LISTED = 200;

export function findingCards(answer: Answer, subject: Subject): readonly HTMLElement[] {
  const layers = layersOf(subject);
  const known = new Map(
    layers.map(({ name, kind }, i) => [name, { kind, share: answer.layers[i]?.[0] ?? 0 }] as const),
  );
  return answer.findings.map((finding, i) => card(finding, i + 1, answer.kind, known));
}

type Known = ReadonlyMap<string, { readonly kind: string; readonly share: number }>;

function card(finding: PageFinding, rank: number, kind: Answer['kind'], known: Known): HTMLElement {
  const { audit, title, evidence, fix, saves, source, layers, timeShare } = finding;
  const time = timeShare === null ? '' : `, ${percent(timeShare, 1) || '0 %'} of the ${kind} time`;
  const term = (name: string, text: string): readonly HTMLElement[] => [
    element('dt', {}, name),
    element('dd', {}, visible(text)),
  ];
  return element(
    'article',
    { class: 'finding', id: `finding-${audit}` },
    element('h3', {}, element('span', { class: 'rank' }, String(rank)), visible(title)),
    element('p', {}, visible(evidence)),
    element(
      'dl',
      {},
      ...term('Fix', fix),
      ...(saves === null ? [] : term('Saves', `${saves}.`)),
      ...term('Rule', source),
    ),
    layers.length === 0 ? null : layerList(title, layers, time, known),
  );
}

/** Made when it is first opened: a finding may concern hundreds of layers. */
function layerList(title: string, names: readonly string[], time: string, known: Known): HTMLElement {
  const details = element(
    'details',
    {},
    element(
      'summary',
      {},
      `${counted(names.length, 'layer')}${time}`,
      element('span', { class: 'offscreen' }, ` of ${title}`),
    ),
  );
  details.addEventListener('toggle', () => {
    if (!details.open || details.querySelector('ul')) return;
    const rows = names.slice(0, MOST_LISTED).map((name) => {
      const { kind = '', share = 0 } = known.get(name) ?? {};
      const part = share > 0 ? `, ${percent(share, 1)}` : '';
      return element('li', {}, clipped(visible(name)), element('span', { class: 'kind' }, ` ${visible(kind)}${part}`));
    });
    const more = names.length - MOST_LISTED;
    details.append(
      element('ul', {}, ...rows),
      ...(more > 0 ? [element('p', {}, `and ${more} more, which --format json has`)] : []),
    );
  });
  return details;
}
