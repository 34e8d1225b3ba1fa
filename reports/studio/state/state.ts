// The state of the studio as plain JSON: its tabs, and what is looked at. Files are named only.

import type { CountName } from '../../../src/metrics/countNames.js';

/** Where a network comes from. The bytes of a file stay in memory, under its key (files.ts). */
export type Source =
  | { readonly kind: 'model'; readonly name: string }
  | { readonly kind: 'yaml'; readonly name: string; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly key: string };

/** Null is the network's own. */
export interface Options {
  /** "3x224x224". */
  readonly input: string | null;
  readonly batch: number | null;
  readonly bytes: number | null;
  /** Leave out ops of a file that are not known: totals are a lower bound then. */
  readonly unknown: boolean;
}

export interface Tab {
  readonly id: number;
  readonly source: Source;
  readonly options: Options;
}

export const VIEWS = ['layers', 'findings', 'compare', 'balance', 'roofline', 'formula', 'predict', 'measure'] as const;
export type View = (typeof VIEWS)[number];

export interface State {
  readonly tabs: readonly Tab[];
  /** The id of the tab that is shown; null on the first screen. */
  readonly chosen: number | null;
  /** The id of the tab that the chosen one is compared with. */
  readonly against: number | null;
  /** What changes are told against. */
  readonly pinned: Tab | null;
  readonly metric: CountName;
  readonly view: View;
}

/** A text as the editor holds it, whose lines end as they do on Unix. */
export const linesOf = (text: string): string => text.replace(/\r\n?/g, '\n');

export const OWN: Options = { input: null, batch: null, bytes: null, unknown: false };

export const EMPTY: State = {
  tabs: [],
  chosen: null,
  against: null,
  pinned: null,
  metric: 'memoryAccess.unfused',
  view: 'layers',
};

export const MOST_TABS = 12;

export const chosenTab = ({ tabs, chosen }: State): Tab | undefined => tabs.find(({ id }) => id === chosen);
export const tabOf = ({ tabs }: State, id: number | null): Tab | undefined => tabs.find((tab) => tab.id === id);

/** The tab that the chosen one is compared with: the one that was picked, or the only other. */
export function opponent({ tabs, chosen, against }: State): Tab | undefined {
  const others = tabs.filter(({ id }) => id !== chosen);
  return others.find(({ id }) => id === against) ?? (others.length === 1 ? others[0] : undefined);
}

/** Adds a tab and shows it; the oldest one goes where there are too many. */
export function opened(state: State, source: Source, options: Options = OWN): State {
  const id = 1 + Math.max(0, state.pinned?.id ?? 0, ...state.tabs.map((tab) => tab.id));
  const tabs = [...state.tabs, { id, source, options }].slice(-MOST_TABS);
  return { ...state, tabs, chosen: id, against: tabs.some((tab) => tab.id === state.against) ? state.against : null };
}

/** Without a tab; its neighbour is shown. */
export function closed(state: State, id: number): State {
  const at = state.tabs.findIndex((tab) => tab.id === id);
  if (at < 0) return state;
  const tabs = state.tabs.filter((tab) => tab.id !== id);
  const next = tabs[Math.min(at, tabs.length - 1)];
  return {
    ...state,
    tabs,
    chosen: state.chosen === id ? (next?.id ?? null) : state.chosen,
    against: state.against === id ? null : state.against,
  };
}

export const changed = (state: State, id: number, change: Partial<Omit<Tab, 'id'>>): State => ({
  ...state,
  tabs: state.tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)),
});
