// The kinds of things that a box of a diagram stands for.

export const PARTS = ['block', 'layer', 'stage'] as const;
export type DiagramPart = (typeof PARTS)[number];
