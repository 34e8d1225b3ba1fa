// What of the text made what is pointed out, and the first layer that a place of the text made.

import type { Studio } from './app.js';
import type { Counted } from './core/protocol.js';
import type { FieldLinks } from './core/fieldLinks.js';

/** Places of the text. */
export interface Pointed {
  /** From 1, in their order. */
  readonly lines: readonly number[];
  /** Offsets of values inside of them. */
  readonly values: readonly { readonly from: number; readonly to: number }[];
}

export interface SourceLinks {
  /**
   * Null where nothing is pointed out, or the text says nothing of it. After an edit it is what it
   * was, until it is known anew: marks move with their text.
   */
  pointed(): Pointed | null;
  /** The name of a layer; undefined where the place made none, or the one that is pointed out. */
  layerAt(line: number, offset: number): string | undefined;
}

/** Milliseconds without a new count before the fields of a family are asked for. */
const PAUSE = 200;

export function sourceLinks(studio: Studio): SourceLinks {
  let asked: Counted | undefined;
  let known: { readonly of: Counted; readonly links: FieldLinks } | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  studio.onDraw(() => {
    const { tab } = studio;
    const { counted } = studio.resultOf(tab);
    if (!tab || !counted?.lines || studio.isStale(tab) || asked === counted || !isFamily(counted.lines)) return;
    asked = counted;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      studio.thinker.ask('links', studio.wantedOf(tab)).then(
        (links) => {
          known = { of: counted, links };
          studio.draw();
        },
        // The line of the family is known all the same.
        () => undefined,
      );
    }, PAUSE);
  });

  const linksOf = (counted: Counted): FieldLinks | undefined => (known?.of === counted ? known.links : undefined);

  function placesPointedOut({ profile: { layers } }: Counted): readonly number[] {
    const { selected, region } = studio;
    const alone = selected !== null && (region.size === 0 || region.has(selected));
    const names = alone ? new Set([selected]) : region;
    return layers.flatMap(({ name }, place) => (names.has(name) ? [place] : []));
  }

  let last: { readonly about: readonly unknown[]; readonly pointed: Pointed | null } | undefined;
  function pointed(): Pointed | null {
    const { counted } = studio.resultOf(studio.tab);
    const about = [studio.tab?.id, studio.selected, studio.region];
    const waits = counted?.lines && isFamily(counted.lines) && known && known.of !== counted;
    if (waits && last && about.every((value, i) => value === last!.about[i])) return last.pointed;
    last = { about, pointed: pointedAnew(counted) };
    return last.pointed;
  }

  function pointedAnew(counted: Counted | null): Pointed | null {
    if (!counted?.lines) return null;
    const places = placesPointedOut(counted);
    if (places.length === 0) return null;
    const links = linksOf(counted);
    const values = links ? valuesOf(links, places) : [];
    const own = values.length > 0 ? values.map(({ line }) => line) : places.map((place) => counted.lines![place] ?? 0);
    const lines = [...new Set(own)].filter((line) => line > 0).sort((a, b) => a - b);
    return lines.length === 0 ? null : { lines, values };
  }

  function layerAt(line: number, offset: number): string | undefined {
    const { tab } = studio;
    const { counted } = studio.resultOf(tab);
    if (!counted?.lines || !tab || studio.isStale(tab)) return undefined;
    const { layers } = counted.profile;
    const links = linksOf(counted);
    const value = links && valueAt(links, line, offset);
    const made = (place: number): boolean =>
      value === undefined ? counted.lines![place] === line : links!.layers[place]!.includes(value);
    if (layers.some(({ name }, place) => name === studio.selected && made(place))) return undefined;
    const first = value === undefined ? -1 : links!.layers.findIndex(([best]) => best === value);
    return layers[first >= 0 ? first : layers.findIndex((_, place) => made(place))]?.name;
  }

  return { pointed, layerAt };
}

/** In a config of a family every layer has one line, until its fields are known. */
const isFamily = (lines: readonly (number | null)[]): boolean =>
  lines.length > 0 && lines.every((line) => line !== null && line === lines[0]);

/**
 * Of one layer the value that tells most. Of several the same of each, and what makes nothing but
 * them.
 */
function valuesOf({ values, layers }: FieldLinks, places: readonly number[]): FieldLinks['values'] {
  const inside = new Set(places);
  const wanted = new Set(places.flatMap((place) => layers[place]!.slice(0, 1)));
  if (places.length > 1) {
    const beyond = new Set(layers.flatMap((made, place) => (inside.has(place) ? [] : made)));
    for (const place of places) for (const value of layers[place]!) if (!beyond.has(value)) wanted.add(value);
  }
  return values.filter((_, place) => wanted.has(place));
}

/** The value under the cursor, or the first of its line. */
function valueAt({ values }: FieldLinks, line: number, offset: number): number | undefined {
  const under = values.findIndex(({ from, to }) => from <= offset && offset <= to);
  const first = under >= 0 ? under : values.findIndex((value) => value.line === line);
  return first < 0 ? undefined : first;
}
