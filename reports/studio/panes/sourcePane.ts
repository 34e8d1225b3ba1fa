// The left pane: a built-in name, a config in an editor, or what file was dropped.

import { visible } from '../../../src/visible.js';
import { bytes } from '../../text/number.js';
import { announceFailure, button, element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import type { Refusal } from '../core/protocol.js';
import type { Editor } from '../editor/editor.js';
import { openFiles, pickFiles } from '../openFiles.js';
import { sourceLinks } from '../sourceLinks.js';
import { changed, opened, tabOf, type State, type Tab } from '../state/state.js';
import { controls } from './controls.js';
import { familyOf } from './familyCard.js';
import { modelField } from './modelField.js';

/** Edits of one burst are undone together. */
const BURST_MS = 700;

export function sourcePane(studio: Studio, place: HTMLElement): void {
  const kinds = element('div', { class: 'kinds' });
  const text = element('div', { class: 'editor', id: 'editor' });
  const problem = element('p', { class: 'problem', role: 'alert', id: 'problem' });
  const rest = button(
    'Count the rest',
    () => {
      const { tab } = studio;
      if (tab) studio.update(changed(studio.state, tab.id, { options: { ...tab.options, unknown: true } }));
    },
    { title: 'Leave out what is not known: totals are a lower bound' },
  );
  const family = familyOf(studio);
  place.append(kinds, controls(studio), element('div', { class: 'problems' }, problem, rest), family, text);

  const links = sourceLinks(studio);
  let editor: Editor | undefined;
  let loading = false;
  let lastEdit = 0;
  /** The state that the last edit made: with undo, or another change, its burst is over. */
  let edited: State | undefined;
  let shownKind: string | undefined;
  let shownRefusal: Refusal | null = null;

  /** The schema of configs: one question for all edits. A question that failed is asked again. */
  let schema: Promise<object | null> | undefined;
  const forgotten = (): null => {
    schema = undefined;
    return null;
  };

  async function loadEditor(): Promise<void> {
    loading = true;
    // A second edit tries again.
    const { createEditor } = await import('../editor/editor.js').finally(() => {
      loading = false;
    });
    editor = createEditor(text, {
      changed: (value) => {
        edit(value);
      },
      undo: () => {
        studio.undo();
      },
      redo: () => {
        studio.redo();
      },
      at: (line, offset) => {
        const layer = links.layerAt(line, offset);
        if (layer !== undefined) studio.select(layer);
      },
      schema: () => (schema ??= studio.thinker.ask('schema').catch(forgotten)),
    });
    draw();
  }

  function edit(value: string): void {
    const { tab } = studio;
    if (tab?.source.kind !== 'yaml' || tab.source.text === value) return;
    performance.mark('flopscope: edit');
    const now = performance.now();
    const joined = now - lastEdit < BURST_MS && edited === studio.state;
    lastEdit = now;
    edited = changed(studio.state, tab.id, { source: { ...tab.source, text: value } });
    studio.update(edited, joined ? 'joined' : 'step');
  }

  function draw(): void {
    const { tab } = studio;
    place.hidden = tab === undefined;
    if (!tab) return;
    const { source } = tab;
    const isHere = source.kind === 'file' && studio.files.has(source.key);
    const kind = `${tab.id} ${source.kind} ${isHere} ${source.name}`;
    if (kind !== shownKind) {
      shownKind = kind;
      const hadFocus = kinds.contains(document.activeElement);
      kinds.replaceChildren(...headOf(studio, tab));
      if (hadFocus) kinds.querySelector<HTMLElement>('input, button')?.focus();
    }
    text.hidden = source.kind !== 'yaml';
    const { refusal } = studio.resultOf(tab);
    if (refusal !== shownRefusal || problem.textContent === '') {
      shownRefusal = refusal;
      const where = refusal?.line === undefined ? '' : `Line ${refusal.line}, column ${refusal.column ?? 1}: `;
      problem.textContent = refusal ? visible(where + refusal.message) : '';
      problem.hidden = refusal === null;
      rest.hidden = !(refusal?.unknownOps && !tab.options.unknown);
    }
    if (source.kind !== 'yaml') return;
    if (!editor) {
      if (!loading) announceFailure(loadEditor());
      return;
    }
    editor.show(source.text, tab.id);
    editor.mark(refusal);
    editor.point(links.pointed());
  }

  studio.onDraw(draw);
}

function headOf(studio: Studio, tab: Tab): readonly Node[] {
  const { source } = tab;
  if (source.kind === 'model')
    return [
      modelField(studio, 'model', source.name, (name) => {
        studio.update(changed(studio.state, tab.id, { source: { kind: 'model', name } }));
      }),
      button(
        'Edit as YAML',
        () => {
          announceFailure(editAsYaml(studio, tab));
        },
        { title: 'The same network as a config that you can change' },
      ),
    ];
  if (source.kind === 'yaml') {
    const name = element('input', { type: 'text', value: source.name, maxlength: 100, spellcheck: 'false' });
    name.addEventListener('change', () => {
      const given = name.value.trim();
      const now = tabOf(studio.state, tab.id);
      if (given !== '' && now?.source.kind === 'yaml')
        studio.update(changed(studio.state, now.id, { source: { ...now.source, name: given } }));
    });
    return [element('label', { class: 'field grow' }, element('span', {}, 'Config'), name)];
  }
  const files = studio.files.get(source.key) ?? [];
  const size = files.reduce((sum, { blob }) => sum + blob.size, 0);
  return [
    element(
      'p',
      { class: 'file' },
      element('strong', {}, visible(source.name)),
      files.length === 0
        ? ' is not in this page: files stay on your machine.'
        : ` ${bytes(size)}${files.length > 1 ? ` in ${files.length} files` : ''}, read on this machine alone.`,
    ),
    button(files.length === 0 ? 'Choose it again' : 'Choose another', () => {
      announceFailure(pickFiles().then((picked) => openFiles(studio, picked, { instead: tab })));
    }),
  ];
}

/** At the same size and batch. */
async function editAsYaml(studio: Studio, { id, source }: Tab): Promise<void> {
  const options = tabOf(studio.state, id)?.options;
  const text = await studio.thinker.ask('config', source.name);
  studio.update(opened(studio.state, { kind: 'yaml', name: `${source.name}.yaml`, text }, options));
}
