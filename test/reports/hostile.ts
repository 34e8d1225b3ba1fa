// Which names would break a careless page? Each once as a model, with itself as stage, block and layer names.

import type { Profile } from '../../src/profile.js';
import { profileOf } from './synthetic.js';

export const HOSTILE: readonly [string, ...string[]] = [
  '</script><script>document.title="taken"</script><img src=x onerror=document.title="taken">',
  'long'.repeat(125),
  'שלום עולם \u202eabc',
  '😀👩‍👩‍👧🇪🇺',
  'two\nlines\t"and\' `quotes` | <b>',
  '__proto__',
];

/** A real network under a hostile name; the first layers, stages and blocks bear it, too. */
export function hostileProfile(name: string): Profile {
  const profile = profileOf('squeezenet1_1');
  return {
    ...profile,
    model: name,
    layers: profile.layers.map((layer, i) =>
      i < 12 ? { ...layer, name: `${name}${i}`, stage: name, block: name } : layer,
    ),
  };
}
