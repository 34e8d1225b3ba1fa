// The end of a classification network: global average pool, flatten, one linear layer.

import type { Builder } from '../builder.js';
import type { Dim } from '../dim/dim.js';
import { size } from '../fields.js';
import type { Value } from '../graph.js';

/** The field that all classifiers have. */
export const classes = size('classes of the classifier', 1000);
/** The same for CIFAR-10. */
export const classes10 = size('classes of the classifier', 10);

/**
 * [N, C, H, W] -> [N, classes], all nodes in the stage "head". `fc` is the full name of the last
 * layer.
 */
export function classifier(net: Builder, x: Value, classes: Dim, fc = 'fc'): Value {
  const head = net.at('', { stage: 'head', block: '' });
  const pooled = head.apply('globalAvgPool', 'avgpool', x);
  return head.apply('linear', fc, head.apply('flatten', 'flatten', pooled), { features: classes });
}
