// Can a measured time be trusted? Outputs must be numbers, and layers must add up to the whole; else there is no time at all.

import type { LayerTimes, Output } from '../engines/engine.js';

/** A run whose times mean nothing; exit code 3. */
export class UntrustedRun extends Error {
  override name = 'UntrustedRun';
}

/** @throws UntrustedRun for an output that is not finite or all zero: work was dropped or went wrong. */
export function checkOutputs(outputs: readonly Output[]): void {
  for (const { name, values } of outputs) {
    const odd = values.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0)
      throw new UntrustedRun(
        `the output "${name}" is ${values[odd]!} at element ${odd}: the device computed no network, so its times mean nothing`,
      );
    if (values.every((value) => value === 0))
      throw new UntrustedRun(
        `the output "${name}" is all zero: the device dropped work, so its times mean nothing; try a smaller --batch`,
      );
  }
}

/** Layers stand alone when they are timed, without overlap and with a submit each: this far they may differ from the whole. */
const LAYERS_OVER_WHOLE = 4;

/**
 * @param median milliseconds of one inference
 * @param hostBound the device waited for the host, so its layers may add up to far less than the whole
 * @throws UntrustedRun when the sum of the layers contradicts the whole
 */
export function checkLayers(times: LayerTimes, median: number, hostBound: boolean): void {
  if (times.clock === null) return;
  const sum = times.layers.reduce((all, { ms }) => all + ms, 0);
  const ratio = sum / median;
  // A host's clock also counts what other programs took from the whole run, but hardly from one short pass.
  const low = hostBound || times.clock === 'host' ? 0 : 1 / LAYERS_OVER_WHOLE;
  if (!(ratio <= LAYERS_OVER_WHOLE && ratio > low))
    throw new UntrustedRun(
      `the layers add up to ${sum.toPrecision(3)} ms where one inference takes ${median.toPrecision(3)} ms: one of the clocks is wrong`,
    );
}
