// Saves the network that is shown: as a report, ONNX, a config, or its counts.

import { announce, announceFailure, button, element } from '../../page/dom.js';
import { save } from '../../page/saving.js';
import type { Studio } from '../app.js';

interface Kind {
  readonly words: string;
  readonly ending: string;
  readonly type: string;
  make(studio: Studio): Promise<Blob | string>;
}

const KINDS: readonly Kind[] = [
  {
    ...{ words: 'Report (HTML)', ending: '-report.html', type: 'text/html' },
    make: (studio) =>
      studio.thinker.ask('report', {
        ...{ wanted: [studio.wantedOf(studio.tab!)], runs: studio.runsOf(studio.tab), devices: [] },
        base: document.baseURI,
      }),
  },
  {
    ...{ words: 'ONNX with seeded weights', ending: '.onnx', type: 'application/octet-stream' },
    make: (studio) => studio.thinker.ask('onnx', studio.wantedOf(studio.tab!)),
  },
  {
    ...{ words: 'Config (YAML)', ending: '.yaml', type: 'application/yaml' },
    make: async (studio) => {
      const { source } = studio.tab!;
      if (source.kind === 'yaml') return source.text;
      if (source.kind === 'model') return studio.thinker.ask('config', source.name);
      throw new Error('a file of another program is no config: save it as ONNX');
    },
  },
  {
    ...{ words: 'Counts (JSON)', ending: '-profile.json', type: 'application/json' },
    make: (studio) => studio.thinker.ask('counts', studio.wantedOf(studio.tab!)),
  },
];

export function exportMenu(studio: Studio): HTMLElement {
  const menu = element('div', { class: 'menu', id: 'export-menu', popover: 'auto' });
  const opener = element('button', { type: 'button', popovertarget: 'export-menu', id: 'export' }, 'Export');
  menu.append(
    ...KINDS.map((kind) =>
      button(
        kind.words,
        () => {
          menu.hidePopover();
          announceFailure(saved(studio, kind));
        },
        { class: 'item' },
      ),
    ),
  );
  menu.addEventListener('toggle', () => {
    const { bottom, right } = opener.getBoundingClientRect();
    menu.style.top = `${bottom + 4}px`;
    menu.style.left = `${Math.max(8, right - menu.offsetWidth)}px`;
  });
  studio.onDraw(() => {
    opener.disabled = studio.resultOf(studio.tab).counted === null;
  });
  return element('span', {}, opener, menu);
}

async function saved(studio: Studio, { words, ending, type, make }: Kind): Promise<void> {
  const { counted } = studio.resultOf(studio.tab);
  if (!studio.tab || !counted) return;
  announce(`${words} is being made ...`);
  const made = await make(studio);
  const name = counted.name.replaceAll(/[^\w.-]+/g, '-').slice(0, 80) || 'network';
  save(typeof made === 'string' ? new Blob([made], { type }) : made, `${name}${ending}`);
  announce(`${words} saved.`);
}
