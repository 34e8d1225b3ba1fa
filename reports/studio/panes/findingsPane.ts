// What makes the network cost more than it must, and fixes that can be applied to its config.

import { visible } from '../../../src/visible.js';
import { announce, button, element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import type { AdvisedFinding, Advised } from '../core/advice.js';
import type { Fix } from '../core/fixes.js';
import { changed, type Tab } from '../state/state.js';
import { following, shownCount, shownTab } from './following.js';

/** Names of layers that are shown as buttons. */
const MOST_LAYERS = 6;

export const findingsPane = (studio: Studio): HTMLElement =>
  following(studio, {
    view: 'findings',
    about: () => shownCount(studio),
    ask: async (): Promise<Advised & { readonly of: Tab }> => {
      const of = shownTab(studio);
      return { ...(await studio.thinker.ask('advice', studio.wantedOf(of))), of };
    },
    nothing: 'Findings are of a network that counts: see the source.',
    show: ({ basis, findings, of }) => [
      ...(findings.length === 0
        ? [element('p', {}, 'No audit found anything: nothing here costs more than it must, as far as is known.')]
        : findings.map((finding) => card(studio, finding, of))),
      element('p', { class: 'hint' }, visible(basis)),
    ],
  });

/** @param of the network that the finding is of */
function card(studio: Studio, finding: AdvisedFinding, of: Tab): HTMLElement {
  const { title, evidence, fix, saves, source, layers, fixes, audit } = finding;
  return element(
    'article',
    { class: 'finding', 'data-audit': audit },
    element('h3', {}, title),
    element('p', {}, visible(evidence)),
    element('p', {}, visible(fix)),
    saves === null ? null : element('p', { class: 'saves-text' }, `It saves ${saves}.`),
    fixes.length === 0 ? null : element('div', { class: 'fixes' }, ...fixes.map((one) => applyButton(studio, one, of))),
    layers.length === 0
      ? null
      : element(
          'p',
          { class: 'chips' },
          ...layers.slice(0, MOST_LAYERS).map((name) =>
            button(
              visible(name),
              () => {
                studio.select(name);
              },
              { class: 'chip' },
            ),
          ),
          layers.length > MOST_LAYERS ? ` and ${layers.length - MOST_LAYERS} more` : null,
        ),
    element('p', { class: 'hint' }, source),
  );
}

/** The ratios are counted, not estimated. */
function applyButton(studio: Studio, { words, text, ratios }: Fix, of: Tab): HTMLElement {
  const costs = (['memoryAccess', 'multAdds', 'params'] as const)
    .map((key) => `${ratios[key].toFixed(2)}x ${NAMES[key]}`)
    .join(', ');
  return element(
    'div',
    { class: 'fix' },
    button(
      `Apply: ${words}`,
      () => {
        const { tab } = studio;
        // The fix is a whole config: it would take the place of what was written since.
        if (tab !== of) {
          announce(
            'Not applied: this finding is of an earlier text. Apply it once the findings are those of this one.',
          );
          return;
        }
        const own = tab.source.name.replace(/\.[A-Za-z0-9]+$/, '');
        const name = tab.source.kind === 'yaml' ? tab.source.name : `${own.split('/').at(-1)!}.yaml`;
        studio.update(changed(studio.state, tab.id, { source: { kind: 'yaml', name, text } }));
        announce('Applied. Undo takes it back.');
      },
      { class: 'apply' },
    ),
    element('span', { class: 'hint' }, costs),
  );
}

const NAMES = { memoryAccess: 'the memory access', multAdds: 'the multiply-adds', params: 'the parameters' } as const;
