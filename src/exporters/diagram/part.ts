// What can a box of a picture stand for?

export const PARTS = ['block', 'layer', 'stage'] as const;
export type Part = (typeof PARTS)[number];
