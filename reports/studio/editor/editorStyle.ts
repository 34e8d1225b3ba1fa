// The style inside of the editor's shadow root. Colours are the page's own variables.

export const EDITOR_STYLE = `
:host { display: block; }
.cm-editor { height: 100%; background: var(--surface); color: var(--ink); font-size: 13px; }
.cm-editor.cm-focused { outline: 2px solid var(--accent); outline-offset: -2px; }
.cm-scroller { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; line-height: 1.55; }
.cm-editor .cm-gutters { background: var(--surface); color: var(--muted); border-right: 1px solid var(--line); }
.cm-editor .cm-activeLine, .cm-editor .cm-activeLineGutter { background: color-mix(in srgb, var(--accent) 6%, transparent); }
.cm-pointed { background: color-mix(in srgb, var(--accent) 20%, transparent); }
.cm-made { text-decoration: underline 2px var(--accent); text-underline-offset: 3px; }
.cm-wrong { background: color-mix(in srgb, var(--more) 14%, transparent); }
.cm-problem {
  font-family: Inter, system-ui, sans-serif; font-size: 12.5px; line-height: 1.45; padding: 4px 10px; color: var(--more);
  border-left: 3px solid var(--more); background: color-mix(in srgb, var(--more) 8%, var(--surface)); white-space: normal;
}
.cm-editor .cm-cursor { border-left-color: var(--ink); }
.cm-editor .cm-selectionBackground, .cm-editor.cm-focused .cm-selectionBackground {
  background: color-mix(in srgb, var(--accent) 28%, transparent) !important;
}
.cm-tooltip { background: var(--surface) !important; color: var(--ink); border: 1px solid var(--line) !important; border-radius: 6px; }
.cm-tooltip-autocomplete ul { font-size: 12.5px !important; max-height: 15em !important; }
.cm-tooltip-autocomplete ul li[aria-selected] { background: var(--accent) !important; color: var(--surface) !important; }
.cm-completionDetail { color: var(--muted); font-style: normal !important; }
li[aria-selected] .cm-completionDetail { color: inherit; }
.cm-completionInfo { max-width: 300px; font-size: 12.5px; }
.cm-matchingBracket { background: color-mix(in srgb, var(--accent) 22%, transparent) !important; }
`;
