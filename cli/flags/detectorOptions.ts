// The flags that name a detector, and their help text.

import { Option, type Command } from 'commander';

/**
 * In step with src/detectors/table.ts (test/cli/detectors.test.ts), which is loaded when a detector
 * is named.
 */
export const DETECTOR_NAMES =
  'ssd300, ssd300-mobilenet, pelee304, dsod300, refinedet320, refinedet512, fasterrcnn, maskrcnn, centermask, centermask-lite';

export function addDetectorOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--detector <name>',
        `put this detector on each model: ${DETECTOR_NAMES}; with fields as in maskrcnn:proposals=300`,
      ),
    )
    .addOption(
      new Option('--backbone <model...>', 'the models that --detector stands on, if they are not named in front'),
    );
}
