// The audit stored-twice: weights that a file holds again under another name.

import { counted } from '../../plural.js';
import { percent, short } from '../../numberText.js';
import type { Audit } from '../finding.js';

/** The least share of the parameters that are read. */
const WORTH = 0.005;
const MOST_NAMED = 2;

export const storedTwice: Audit = {
  id: 'stored-twice',
  title: 'The file stores the same weights more than once',
  source: 'tied weights (Press and Wolf, arXiv 1608.05859): exporters may write each use as a tensor of its own',
  find({ graph: { copies = [], nodes }, profile: { totals } }) {
    const elements = copies.reduce((all, copy) => all + copy.elements, 0);
    if (elements === 0 || elements < WORTH * totals.params) return null;
    const ids = new Set(copies.flatMap(({ id, of }) => [id, of]));
    const readers = nodes.filter(({ tensors = {} }) =>
      Object.values(tensors).some((stored) => stored.some(({ id }) => ids.has(id))),
    );
    const named = copies.slice(0, MOST_NAMED).map(({ id, of }) => `"${id}" has the numbers of "${of}"`);
    const more = copies.length - named.length;
    return {
      evidence: `${counted(copies.length, 'tensor')} of ${short(elements)} parameters, ${percent(elements, totals.params)} of all, ${copies.length === 1 ? 'is a copy' : 'are copies'} of other tensors in the file: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
      figures: { copies: copies.length, elements, params: totals.params },
      layers: readers.map(({ name }) => name),
      fix: 'Let both uses read one tensor: the file, a download and the memory that a runtime needs for weights become smaller, and no time is saved.',
      saves: { params: elements },
      share: elements / totals.params,
    };
  },
};
