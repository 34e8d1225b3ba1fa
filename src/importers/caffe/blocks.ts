// The block of a Caffe layer, from the names that published nets give their layers.

/** The first that fits: its group is the block. */
const PATTERNS: readonly RegExp[] = [
  // GoogLeNet, SqueezeNet, DenseNet, MobileNet, SENet: inception_3a/1x1, fire2/squeeze1x1,
  // conv2_1/x1/bn, conv2_1_1x1_up/bn.
  /^(?<block>[^/]+?)(?:_(?:\dx\d|global_pool|prob|identity)\w*)?\//,
  // ResNet: res2a_branch2a, bn2a_branch2a, scale2a_branch2a, res2a_relu.
  /^(?:res|bn|scale)(?<unit>\d+[a-z]\d*)(?:_|$)/,
  // SENet: conv2_1_1x1_reduce, conv2_1_prob, conv2_1_global_pool.
  /^(?<block>conv\d+_\d+)_\w/,
  // ShuffleNet and RefineDet: branch1_1_conv1, resx1_conv1, stage2_1_conv1.
  /^(?<block>(?:branch|resx|stage|block|unit)\d+(?:_\d+)?)(?:_|$)/,
];

/** "" where the name has no block. */
export function blockOf(name: string): string {
  for (const pattern of PATTERNS) {
    const found = pattern.exec(name)?.groups;
    if (found) return found['block'] ?? `res${found['unit']}`;
  }
  return '';
}
