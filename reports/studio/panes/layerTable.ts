// The table of layers. Only rows in sight are drawn, so that a thousand layers cost what thirty do.

import type { Layer } from '../../../src/profile.js';
import { visible } from '../../../src/visible.js';
import { copy } from '../../page/saving.js';
import { announceFailure, button, clipped, element } from '../../page/dom.js';
import { kindOf } from '../../text/layerKind.js';
import { by, grouped } from '../../text/number.js';
import type { Studio } from '../app.js';
import type { Counted } from '../core/protocol.js';

interface Row {
  readonly layer: Layer;
  readonly place: number;
  readonly line: number | null;
  /** Its figures are not those of the layer of this name before the last edit. */
  readonly moved: boolean;
}

interface Column {
  readonly key: string;
  readonly title: string;
  readonly about: string;
  /** Pixels; the first column takes what is left. */
  readonly width: number;
  /** What rows are sorted by; a text is sorted by its letters. */
  value(row: Row): number | string | null;
  show(row: Row): string;
}

const figure = (
  key: string,
  title: string,
  about: string,
  value: (layer: Layer) => number | null,
  show: (value: number) => string = grouped,
): Column => ({
  ...{ key, title, about, width: title.length > 10 ? 116 : 90 },
  value: ({ layer }) => value(layer),
  show: ({ layer }) => {
    const found = value(layer);
    return found === null || found === 0 ? '' : show(found);
  },
});
const ratio = (value: number): string => value.toFixed(2);

const COLUMNS: readonly Column[] = [
  {
    ...{ key: 'name', title: 'layer', about: 'The name of the layer in its network.', width: 0 },
    value: ({ layer }) => layer.name,
    show: ({ layer }) => layer.name,
  },
  {
    ...{ key: 'op', title: 'op', about: 'Kernel, stride (/), dilation (d) and groups (g).', width: 128 },
    value: ({ layer }) => kindOf(layer),
    show: ({ layer }) => kindOf(layer),
  },
  {
    ...{ key: 'outShape', title: 'output', about: 'Batch, channels, height, width.', width: 128 },
    value: ({ layer }) => layer.outShape.reduce((all, side) => all * side, 1),
    show: ({ layer }) => by(layer.outShape),
  },
  figure('params', 'params', 'Learnable parameters.', ({ params }) => params),
  figure('multAdds', 'multiply-adds', 'Of convolutions and fully connected layers.', ({ multAdds }) => multAdds),
  figure(
    'memoryAccess',
    'memory access',
    'Elements read and written, every op by itself.',
    (layer) => layer.memoryAccessUnfused,
  ),
  figure(
    'memoryAccessFused',
    'fused',
    'Elements as an inference compiler moves them at best.',
    (layer) => layer.memoryAccessFused,
  ),
  figure('balance', 'balance', 'Memory access over its lower bound: 1 is the least.', ({ balance }) => balance, ratio),
  figure('intensity', 'FLOPs/byte', 'FLOPs per byte of memory access.', ({ intensity }) => intensity, ratio),
];
/** Pixels of a row, as the style has it. */
const ROW = 28;
const BEYOND = 8;

export function layerTable(studio: Studio): HTMLElement {
  const filter = element('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter layers' });
  const status = element('p', { class: 'status', role: 'status' });
  const head = element('tr', {});
  const body = element('tbody', {});
  const table = element(
    'table',
    { role: 'grid', 'aria-label': 'Layers', id: 'layers' },
    element('colgroup', {}, ...COLUMNS.map(({ width }) => element('col', width > 0 ? { width } : {}))),
    element('thead', {}, head),
    body,
  );
  const scroller = element(
    'div',
    { class: 'scroller', tabindex: 0, role: 'group', 'aria-label': 'Layers, scrolls' },
    table,
  );
  let sort: { readonly key: string; readonly down: boolean } | null = null;
  /** Pixels, as they were last told: asking for them lays the whole page out. */
  let height = 600;
  let scrolled = 0;
  let shownRows: readonly unknown[] = [];
  let rows: readonly Row[] = [];
  const [above, below] = [space(), space()];
  body.append(...[above, below].map((cell) => element('tr', { class: 'space', 'aria-hidden': 'true' }, cell)));
  const drawnRows: DrawnRow[] = [];
  let drawn: readonly unknown[] = [];
  let shownSelected: string | null = null;

  function draw(): void {
    const { tab } = studio;
    const { counted, before } = studio.resultOf(tab);
    scroller.classList.toggle('stale', tab !== undefined && studio.isGrey(tab));
    const now = [counted, before, filter.value, sort];
    if (now.some((value, i) => value !== drawn[i])) {
      if (counted !== drawn[0] && (drawn[0] as Counted | null | undefined)?.name !== counted?.name)
        scroller.scrollTop = scrolled = 0;
      if (drawn[3] !== sort || head.childElementCount === 0) drawHead();
      drawn = now;
      rows = counted ? rowsOf(counted, before, filter.value, sort) : [];
      const all = counted?.profile.layers.length ?? 0;
      status.textContent =
        rows.length === all ? `${grouped(all)} layers` : `${grouped(rows.length)} of ${grouped(all)} layers`;
      table.setAttribute('aria-rowcount', String(rows.length + 1));
    }
    if (studio.selected !== shownSelected) {
      shownSelected = studio.selected;
      const at = rows.findIndex(({ layer }) => layer.name === shownSelected);
      const [top, bottom] = [at * ROW, (at + 2) * ROW];
      if (at >= 0 && (top < scrolled || bottom > scrolled + height))
        scroller.scrollTop = scrolled = Math.max(0, top - height / 2);
    }
    drawRows();
  }

  function drawHead(): void {
    head.replaceChildren(
      ...COLUMNS.map(({ key, title, about }) => {
        const on = sort?.key === key;
        const heading = element(
          'th',
          { scope: 'col', title: about, 'aria-sort': on ? (sort!.down ? 'descending' : 'ascending') : undefined },
          button(
            title,
            () => {
              sort = !on ? { key, down: true } : sort!.down ? { key, down: false } : null;
              draw();
              head.querySelector<HTMLElement>(`[data-sort=${key}]`)?.focus();
            },
            { class: 'sort', 'data-sort': key },
          ),
        );
        return heading;
      }),
    );
  }

  function drawRows(): void {
    const first = Math.max(0, Math.floor(scrolled / ROW) - BEYOND);
    const now = [rows, first, height, studio.selected];
    if (now.every((value, i) => value === shownRows[i])) return;
    shownRows = now;
    const many = Math.ceil(height / ROW) + 2 * BEYOND;
    const shown = rows.slice(first, first + many);
    above.style.height = `${first * ROW}px`;
    below.style.height = `${(rows.length - first - shown.length) * ROW}px`;
    for (const { row } of drawnRows.splice(shown.length)) row.remove();
    for (const [i, row] of shown.entries()) {
      const made = (drawnRows[i] ??= emptyRow());
      if (made.row.parentNode === null) below.parentElement!.before(made.row);
      write(made, row, first + i, row.layer.name === studio.selected);
    }
  }

  body.addEventListener('click', (event) => {
    const name = (event.target as Element).closest('tr')?.dataset['layer'];
    if (name !== undefined) studio.select(name === studio.selected ? null : name);
  });
  scroller.addEventListener(
    'scroll',
    () => {
      scrolled = scroller.scrollTop;
      drawRows();
    },
    { passive: true },
  );
  scroller.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || rows.length === 0) return;
    const at = rows.findIndex(({ layer }) => layer.name === studio.selected);
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step))]!;
    studio.select(next.layer.name);
    event.preventDefault();
  });
  filter.addEventListener('input', draw);
  studio.onDraw(draw);
  new ResizeObserver(([entry]) => {
    height = entry!.contentRect.height || height;
    drawRows();
  }).observe(scroller);

  return element(
    'div',
    { class: 'layers' },
    element(
      'div',
      { class: 'toolbar' },
      filter,
      ...(['csv', 'markdown', 'latex'] as const).map((format) =>
        button(
          { csv: 'Copy CSV', markdown: 'Copy Markdown', latex: 'Copy LaTeX' }[format],
          () => {
            // What is shown, also while the text has a mistake.
            const { of } = studio.resultOf(studio.tab);
            if (!of) return;
            const name = { csv: 'CSV', markdown: 'Markdown', latex: 'LaTeX' }[format];
            const table = studio.counter.ask('table', { wanted: studio.wantedOf(of), format });
            announceFailure(table.then((text) => copy(text, name)));
          },
          { class: 'quiet' },
        ),
      ),
    ),
    scroller,
    status,
  );
}

/** What stands for the rows that are not drawn. */
const space = (): HTMLTableCellElement => element('td', { colspan: COLUMNS.length });

/** A row that shows one layer after another: only what differs is written. */
interface DrawnRow {
  readonly row: HTMLTableRowElement;
  readonly cells: readonly HTMLTableCellElement[];
  readonly texts: string[];
}

function emptyRow(): DrawnRow {
  const cells = COLUMNS.map((_, i) => (i === 0 ? element('th', { scope: 'row' }) : element('td', {}, '')));
  return { row: element('tr', {}, ...cells), cells, texts: COLUMNS.map(() => '') };
}

function write({ row, cells, texts }: DrawnRow, shown: Row, at: number, on: boolean): void {
  const { layer, line, moved } = shown;
  const attributes = {
    ...{ id: `row-${at}`, 'aria-rowindex': String(at + 2), 'aria-selected': String(on), 'data-layer': layer.name },
    class: [on ? 'on' : '', moved ? 'moved' : ''].filter(Boolean).join(' '),
    title: line === null ? '' : `line ${line} of the config`,
  };
  for (const [key, value] of Object.entries(attributes))
    if ((row.getAttribute(key) ?? '') === value) continue;
    else if (value === '') row.removeAttribute(key);
    else row.setAttribute(key, value);
  for (const [i, column] of COLUMNS.entries()) {
    const text = visible(column.show(shown));
    if (text === texts[i]) continue;
    texts[i] = text;
    if (i === 0) cells[i]!.replaceChildren(clipped(text));
    else cells[i]!.textContent = text;
  }
}

function rowsOf(
  { profile: { layers }, lines }: Counted,
  before: Counted | null,
  filter: string,
  sort: { readonly key: string; readonly down: boolean } | null,
): readonly Row[] {
  const earlier = new Map(before?.profile.layers.map((layer) => [layer.name, layer]));
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = layers
    .map((layer, place): Row => ({
      layer,
      place,
      line: lines?.[place] ?? null,
      moved: before !== null && differs(layer, earlier.get(layer.name)),
    }))
    .filter(({ layer }) => {
      if (words.length === 0) return true;
      const text = `${layer.name} ${kindOf(layer)} ${layer.stage} ${layer.block}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  const column = COLUMNS.find(({ key }) => key === sort?.key);
  if (!column || !sort) return rows;
  const sign = sort.down ? -1 : 1;
  return [...rows].sort((a, b) => sign * compared(column.value(a), column.value(b)));
}

/** What has no value comes last when the largest come first. */
function compared(a: number | string | null, b: number | string | null): number {
  if (typeof a === 'string' && typeof b === 'string') return -a.localeCompare(b, 'en', { numeric: true });
  return (typeof a === 'number' ? a : -1) - (typeof b === 'number' ? b : -1);
}

const differs = (layer: Layer, earlier: Layer | undefined): boolean =>
  earlier?.multAdds !== layer.multAdds ||
  earlier.memoryAccessUnfused !== layer.memoryAccessUnfused ||
  earlier.params !== layer.params ||
  by(earlier.outShape) !== by(layer.outShape);
