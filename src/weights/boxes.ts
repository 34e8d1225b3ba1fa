// Fixed boxes that cover the image, for networks that look into boxes without a detector.

/** [top, left, bottom, right] as shares of the first and the last row and column. */
export type Box = readonly [number, number, number, number];

/** Box `index`: a third of each side. Golden-ratio steps spread any number of boxes evenly. */
export function boxAt(index: number): Box {
  const along = (ratio: number): number => ((index * ratio) % 1) * (1 - SIDE);
  const [top, left] = [along(0.618034), along(0.754878)];
  return [top, left, top + SIDE, left + SIDE];
}
const SIDE = 1 / 3;

/** The boxes of a level, as [first, end): an image's boxes are divided equally among the levels. */
export const partOf = (level: number, levels: number, regions: number): readonly [number, number] => [
  Math.floor((level * regions) / levels),
  Math.floor(((level + 1) * regions) / levels),
];
