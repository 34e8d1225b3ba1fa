// Messages from the process that measures to the one that shows.

import type { Expected } from '../output/bar.js';

export type MeasuringMessage =
  | { readonly kind: 'out' | 'err'; readonly text: string }
  | { readonly kind: 'bar'; readonly parts: number; readonly seconds?: number }
  | { readonly kind: 'parts'; readonly parts: number }
  | { readonly kind: 'part'; readonly name: string; readonly expected?: Expected }
  | {
      readonly kind: 'step';
      readonly phase: string;
      readonly done: number;
      readonly all: number;
      readonly network?: string;
    }
  | { readonly kind: 'stop' }
  | { readonly kind: 'end'; readonly code: number };
