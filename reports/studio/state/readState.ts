// Checks a state that comes from a link or from the last session, before any of it is used.

import type { CountName } from '../../../src/metrics/countNames.js';
import { METRICS } from './metrics.js';
import { linesOf, MOST_TABS, VIEWS, type Options, type Source, type State, type Tab, type View } from './state.js';

const LONGEST_NAME = 300;
/** Characters of a config. One that people write has a few thousand. */
const LONGEST_TEXT = 1_000_000;

type Given = Readonly<Record<string, unknown>>;

/** Undefined for anything but a state. */
export function readState(data: unknown): State | undefined {
  if (!isMapping(data)) return undefined;
  const { tabs, chosen = null, against = null, pinned = null, metric, view } = data;
  if (!Array.isArray(tabs) || tabs.length > MOST_TABS) return undefined;
  const read = tabs.map(tabIn);
  const ids = read.map((tab) => tab?.id ?? null);
  const known = (id: unknown): boolean => id === null || ids.includes(id as number);
  const pin = pinned === null ? null : tabIn(pinned);
  if (ids.includes(null) || new Set(ids).size < ids.length || pin === undefined) return undefined;
  if (!known(chosen) || !known(against) || !METRICS.includes(metric as CountName)) return undefined;
  if (!VIEWS.includes(view as View)) return undefined;
  return {
    tabs: read as readonly Tab[],
    chosen: chosen as number | null,
    against: against as number | null,
    pinned: pin,
    metric: metric as CountName,
    view: view as View,
  };
}

const isMapping = (data: unknown): data is Given => typeof data === 'object' && data !== null && !Array.isArray(data);
const isText = (text: unknown, longest: number): text is string => typeof text === 'string' && text.length <= longest;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;

function tabIn(data: unknown): Tab | undefined {
  if (!isMapping(data) || !isCount(data['id'])) return undefined;
  const source = sourceIn(data['source']);
  const options = optionsIn(data['options']);
  return source && options && { id: data['id'], source, options };
}

function sourceIn(data: unknown): Source | undefined {
  if (!isMapping(data)) return undefined;
  const { kind, name, text, key } = data;
  if (!isText(name, LONGEST_NAME)) return undefined;
  if (kind === 'model') return { kind, name };
  if (kind === 'yaml' && isText(text, LONGEST_TEXT)) return { kind, name, text: linesOf(text) };
  return kind === 'file' && isText(key, LONGEST_NAME) ? { kind, name, key } : undefined;
}

function optionsIn(data: unknown): Options | undefined {
  if (!isMapping(data)) return undefined;
  const { input = null, batch = null, bytes = null, unknown = false } = data;
  if (input !== null && !isText(input, 40)) return undefined;
  if (batch !== null && !isCount(batch)) return undefined;
  if (bytes !== null && !isCount(bytes)) return undefined;
  return typeof unknown === 'boolean' ? { input, batch, bytes, unknown } : undefined;
}
