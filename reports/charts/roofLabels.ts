// Places the labels of the two ceilings along their lines, where they cover the fewest points.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The text whose middle is at x and y, turned by an angle. */
export interface RoofLabel extends Point {
  readonly text: string;
  readonly width: number;
  /** Radians, clockwise as on a canvas. */
  readonly angle: number;
}

/** In pixels of the canvas. */
export interface Roof {
  readonly area: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  /** Where the slope comes into sight. */
  readonly start: Point;
  readonly ridge: Point;
  readonly points: readonly (Point & { readonly radius: number })[];
}

/** Half the height of a label, its distance from the line, and steps along it. */
const [HALF, OFF, STEP] = [7, 11, 6] as const;

/**
 * Both labels, always.
 * @param flat and slope: texts from the longest to the shortest
 * @param measure the width of a text
 */
export function roofLabels(
  roof: Roof,
  flat: readonly string[],
  slope: readonly string[],
  measure: (text: string) => number,
): readonly [flat: RoofLabel, slope: RoofLabel] {
  const over = best(roof, flat, measure, (width) => flatPlaces(roof, width), []);
  return [over, best(roof, slope, measure, (width) => slopePlaces(roof, width), [over])];
}

type LabelPosition = Point & { readonly angle: number };

/**
 * Over the flat part. Left of the ridge there are no points above the roof; on the right there are
 * some if the ceiling was measured too low.
 */
function flatPlaces({ area, ridge }: Roof, width: number): readonly LabelPosition[] {
  const lefts = [ridge.x - width, area.right - 2 - width, area.left + 6, ridge.x];
  const middles = [ridge.y - OFF, area.top + HALF + 2];
  return middles.flatMap((y) => lefts.map((left) => ({ x: left + width / 2, y, angle: 0 })));
}

/** Along the slope above it, along it below it, and upright beside it. */
function slopePlaces({ area, start, ridge }: Roof, width: number): readonly LabelPosition[] {
  const [right, down] = [ridge.x - start.x, ridge.y - start.y];
  const long = Math.max(1, Math.hypot(right, down));
  const [along, across] = [
    { x: right / long, y: down / long },
    { x: down / long, y: -right / long },
  ];
  const points = Array.from({ length: Math.floor(long / STEP) + 1 }, (_, i) => i * STEP)
    .sort((a, b) => Math.abs(a - long / 2) - Math.abs(b - long / 2))
    .map((at) => ({ x: start.x + along.x * at, y: start.y + along.y * at }));
  const beside = (side: number): readonly LabelPosition[] =>
    points.map(({ x, y }) => ({
      ...{ x: x + side * across.x * OFF, y: y + side * across.y * OFF },
      angle: Math.atan2(down, right),
    }));
  const upright = points.flatMap(({ x, y }) => [
    { x: x - 14 - width / 2, y, angle: 0 },
    { x: x + 14 + width / 2, y, angle: 0 },
  ]);
  const corner = { x: area.left + 6 + width / 2, y: area.top + HALF + 2, angle: 0 };
  return [...beside(1), ...beside(-1), ...upright, corner];
}

/**
 * A longer text before a shorter one, an earlier place before a later one; outside of the area only
 * where nothing is inside.
 */
function best(
  roof: Roof,
  texts: readonly string[],
  measure: (text: string) => number,
  places: (width: number) => readonly LabelPosition[],
  taken: readonly RoofLabel[],
): RoofLabel {
  let found: { readonly label: RoofLabel; readonly harm: number } | undefined;
  for (const text of texts) {
    const width = measure(text);
    for (const place of places(width)) {
      const label = { ...place, text, width };
      const harm = harmOf(label, roof, taken);
      if (found === undefined || harm < found.harm) found = { label, harm };
      if (harm === 0) return label;
    }
  }
  return found!.label;
}

/**
 * Points that it covers; much more where it leaves the area, crosses the roof or meets another
 * label.
 */
function harmOf(label: RoofLabel, { area, start, ridge, points }: Roof, taken: readonly RoofLabel[]): number {
  const outside = corners(label).some(
    ({ x, y }) => x < area.left + 2 || x > area.right || y < area.top || y > area.bottom - 2,
  );
  const line = steps(start, ridge);
  const crosses = [...line, ...steps(ridge, { x: area.right, y: ridge.y })].some((point) => covers(label, point, 1));
  const meets = taken.some((other) => steps(...ends(other)).some((point) => covers(label, point, HALF + 2)));
  const hidden = points.filter((point) => covers(label, point, point.radius + 1)).length;
  return hidden + (outside ? 10_000 : 0) + (crosses ? 1000 : 0) + (meets ? 100_000 : 0);
}

/** Whether a disk reaches into the label. */
function covers({ x, y, angle, width }: RoofLabel, point: Point, radius: number): boolean {
  const [right, down] = [point.x - x, point.y - y];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const beyond = (distance: number, half: number): number => Math.max(0, Math.abs(distance) - half);
  return Math.hypot(beyond(right * cos + down * sin, width / 2), beyond(down * cos - right * sin, HALF)) < radius;
}

export function corners({ x, y, angle, width }: RoofLabel): readonly Point[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([right, down]) => ({
    x: x + (right! * width * cos) / 2 - down! * HALF * sin,
    y: y + (right! * width * sin) / 2 + down! * HALF * cos,
  }));
}

/** Both ends of its middle line. */
export const ends = ({ x, y, angle, width }: RoofLabel): readonly [Point, Point] => [
  { x: x - (width * Math.cos(angle)) / 2, y: y - (width * Math.sin(angle)) / 2 },
  { x: x + (width * Math.cos(angle)) / 2, y: y + (width * Math.sin(angle)) / 2 },
];

/** Spots on a line, close enough for nothing to pass between. */
export function steps(from: Point, to: Point): readonly Point[] {
  const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / HALF));
  return Array.from({ length: count + 1 }, (_, i) => ({
    x: from.x + ((to.x - from.x) * i) / count,
    y: from.y + ((to.y - from.y) * i) / count,
  }));
}
