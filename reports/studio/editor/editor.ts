// The editor of configs: CodeMirror in a shadow root, where the policy allows its styles.

import { autocompletion, closeBrackets, completionKeymap, type CompletionContext } from '@codemirror/autocomplete';
import { defaultKeymap, indentLess, indentMore } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { Annotation, Compartment, EditorSelection, EditorState, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
  WidgetType,
  type DecorationSet,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { visible } from '../../../src/visible.js';
import type { Refusal } from '../core/protocol.js';
import type { Pointed } from '../sourceLinks.js';
import { changeBetween } from './changeBetween.js';
import { completionsAt, type ConfigSchema } from './completion.js';
import { EDITOR_STYLE } from './editorStyle.js';

export interface EditorEvents {
  changed(text: string): void;
  undo(): void;
  redo(): void;
  /** The cursor came to a line, from 1, without an edit; the offset is of the whole text. */
  at(line: number, offset: number): void;
  /** Null where it cannot be had. */
  schema(): Promise<object | null>;
}

export interface Editor {
  /** @param owner the tab: another one begins at the top of its text */
  show(text: string, owner: number): void;
  /** Puts a sentence below the line that it is about. */
  mark(refusal: Refusal | null): void;
  /** Marks what made what is pointed out, and brings its first line into view. */
  point(pointed: Pointed | null): void;
}

/** Changes that come from the studio are not told to it. */
const Outside = Annotation.define<true>();

class ProblemLine extends WidgetType {
  constructor(private readonly message: string) {
    super();
  }
  override eq(other: ProblemLine): boolean {
    return other.message === this.message;
  }
  override toDOM(): HTMLElement {
    const line = document.createElement('div');
    line.className = 'cm-problem';
    line.textContent = visible(this.message);
    return line;
  }
  override ignoreEvent(): boolean {
    return false;
  }
}

const setProblem = StateEffect.define<Refusal | null>();
const setPointed = StateEffect.define<Pointed | null>();

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Decorations that one effect sets; they move with the text around them. */
const marks = <T>(
  effect: ReturnType<typeof StateEffect.define<T>>,
  made: (value: T, lineAt: (line: number) => Span, length: number) => DecorationSet,
) =>
  StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update(old, { effects, changes, state: { doc } }) {
      let set = old.map(changes);
      for (const one of effects)
        if (one.is(effect))
          set = made(one.value, (line) => doc.line(Math.max(1, Math.min(doc.lines, line))), doc.length);
      return set;
    },
    provide: (field) => EditorView.decorations.from(field),
  });

const problems = marks<Refusal | null>(setProblem, (refusal, lineAt) => {
  if (refusal?.line === undefined) return Decoration.none;
  const { from, to } = lineAt(refusal.line);
  return Decoration.set([
    Decoration.line({ class: 'cm-wrong' }).range(from),
    Decoration.widget({ widget: new ProblemLine(refusal.message), side: 1, block: true }).range(to),
  ]);
});
const pointed = marks<Pointed | null>(setPointed, (shown, lineAt, length) =>
  shown === null
    ? Decoration.none
    : Decoration.set(
        [
          ...shown.lines.map((line) => Decoration.line({ class: 'cm-pointed' }).range(lineAt(line).from)),
          ...shown.values
            .filter(({ from, to }) => from < to && to <= length)
            .map(({ from, to }) => Decoration.mark({ class: 'cm-made' }).range(from, to)),
        ],
        true,
      ),
);

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--s1)' },
  { tag: [tags.string, tags.content], color: 'var(--ink)' },
  { tag: [tags.comment, tags.meta], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--muted)' },
]);

/** Brackets inside each other. Beyond them a text has no colours: working them out recurses. */
const DEEPEST = 100;
const language = new Compartment();

function isDeep(text: string): boolean {
  let [depth, most] = [0, 0];
  for (const letter of text)
    if (letter === '{' || letter === '[') most = Math.max(most, ++depth);
    else if (letter === '}' || letter === ']') depth--;
  return most > DEEPEST;
}

/** A text that is nested without end stays black. */
const plainWhereDeep = EditorState.transactionExtender.of(({ docChanged, newDoc, startState }) => {
  if (!docChanged) return null;
  const wanted = isDeep(newDoc.toString());
  const isPlain = Array.isArray(language.get(startState));
  return wanted === isPlain ? null : { effects: language.reconfigure(wanted ? [] : yaml()) };
});

export function createEditor(place: HTMLElement, events: EditorEvents): Editor {
  const root = place.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(EDITOR_STYLE);
  root.adoptedStyleSheets = [sheet];
  let owner: number | undefined;
  let problem: Refusal | null = null;
  let shown: Pointed | null = null;
  const run = (action: () => void) => (): boolean => {
    action();
    return true;
  };
  const complete = async (context: CompletionContext) => {
    const schema = (await events.schema()) as ConfigSchema | null;
    if (!schema) return null;
    return completionsAt(context.state.doc.toString(), context.pos, schema, context.explicit);
  };
  const view = new EditorView({
    parent: root,
    root,
    extensions: [
      lineNumbers(),
      highlightActiveLine(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      language.of(yaml()),
      plainWhereDeep,
      syntaxHighlighting(COLOURS),
      autocompletion({ override: [complete], icons: false }),
      problems,
      pointed,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'Config in YAML. Escape, then Tab, leaves the editor.' }),
      keymap.of([
        { key: 'Mod-z', run: run(events.undo), preventDefault: true },
        { key: 'Mod-y', run: run(events.redo), preventDefault: true },
        { key: 'Mod-Shift-z', run: run(events.redo), preventDefault: true },
        ...completionKeymap,
        { key: 'Mod-]', run: indentMore },
        { key: 'Mod-[', run: indentLess },
        ...defaultKeymap,
      ]),
      EditorView.updateListener.of(({ docChanged, selectionSet, transactions, state }) => {
        const outside = transactions.some((one) => one.annotation(Outside));
        if (outside) return;
        if (docChanged) events.changed(state.doc.toString());
        else if (selectionSet) {
          const { head } = state.selection.main;
          events.at(state.doc.lineAt(head).number, head);
        }
      }),
    ],
  });

  return {
    show(text, tab) {
      const old = view.state.doc.toString();
      const other = owner !== tab;
      owner = tab;
      if (old === text) return;
      const change = changeBetween(old, text);
      view.dispatch({
        changes: change,
        annotations: Outside.of(true),
        selection: EditorSelection.cursor(other ? 0 : change.from + change.insert.length),
        scrollIntoView: true,
      });
    },
    mark(refusal) {
      if (refusal === problem) return;
      problem = refusal;
      view.dispatch({ effects: setProblem.of(refusal), annotations: Outside.of(true) });
      view.contentDOM.setAttribute('aria-invalid', String(refusal !== null));
    },
    point(next) {
      if (isSame(next, shown)) return;
      shown = next;
      const [line = Infinity] = next?.lines ?? [];
      const at = line > view.state.doc.lines ? null : view.state.doc.line(line).from;
      view.dispatch({
        effects: [
          setPointed.of(next),
          // Where the reader types, the text stays where it is.
          ...(at === null || view.hasFocus ? [] : [EditorView.scrollIntoView(at, { y: 'nearest', yMargin: 40 })]),
        ],
        annotations: Outside.of(true),
      });
    },
  };
}

const isSame = (a: Pointed | null, b: Pointed | null): boolean =>
  a === b ||
  (a?.lines.join() === b?.lines.join() &&
    a?.values.map(({ from, to }) => `${from} ${to}`).join() ===
      b?.values.map(({ from, to }) => `${from} ${to}`).join());
