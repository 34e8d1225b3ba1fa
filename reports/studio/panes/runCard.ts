// What a measured run says: its time and how sure it is, what it did beside others, its layers.

import { utilised } from '../../../src/measure/raised.js';
import type { Run } from '../../../src/measure/run.js';
import { timeClause } from '../../../src/measure/ratioWords.js';
import { imageRatio, sessionTimes } from '../../../src/measure/sessionTimes.js';
import { timeInterval } from '../../../src/measure/significance.js';
import { utilisationText } from '../../../src/measure/utilisation.js';
import { visible } from '../../../src/visible.js';
import { bytes, milliseconds, percentage, short } from '../../text/number.js';
import { announce, button, element } from '../../page/dom.js';
import { save } from '../../page/saving.js';

/** @param all runs that are known: those of its sessions are told beside it */
export function runCard(run: Run, all: readonly Run[]): HTMLElement {
  const { device, times, imagesPerSecond, flopsPerSecond, memory, warnings, versions } = run;
  const used = (of: 'compute' | 'memory'): string => {
    const text = utilisationText(run, of, 1);
    return text === null ? '' : `, ${text} of the ceiling`;
  };
  const ceilings = run.ceilings && utilised(run.ceilings);
  const facts: readonly (readonly [string, string])[] = [
    [
      'time of an inference',
      `${milliseconds(times.median)} ms (half of the windows: ${milliseconds(times.lowerQuartile)} to ${milliseconds(times.upperQuartile)})`,
    ],
    ['95 % interval of it', intervalOf(run)],
    ['images/s', short(imagesPerSecond)],
    ['computed in', run.precision],
    ['FLOP/s (2 per multiply-add)', `${short(flopsPerSecond)}FLOP/s${used('compute')}`],
    ['memory', `${short(run.bytesPerSecond)}B/s${used('memory')}`],
    [
      'ceilings',
      ceilings
        ? `${short(ceilings.flopsPerSecond)}FLOP/s, ${short(ceilings.bytesPerSecond)}B/s (${ceilings.how})`
        : 'not measured',
    ],
    ['most memory of tensors', memory.peakTensorBytes === null ? 'not known' : bytes(memory.peakTensorBytes)],
    ['energy', run.noEnergy ?? 'see the record'],
    ['where', `${run.engine}, ${Object.values(versions).slice(0, 2).join(', ')}, ${run.measuredAt}`],
  ];
  return element(
    'article',
    { class: 'finding run', 'data-model': run.model },
    element(
      'h3',
      {},
      `${visible(device.name)}${device.software ? ' (a software driver, no GPU)' : ''}: ${milliseconds(times.median)} ms`,
    ),
    ...verdictsOf(run, all).map((text) => element('p', { class: 'verdict' }, visible(text))),
    element(
      'dl',
      { class: 'run-facts' },
      ...facts.flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, visible(text))]),
    ),
    warnings.length === 0
      ? null
      : element('ul', { class: 'warnings' }, ...warnings.map(({ message }) => element('li', {}, visible(message)))),
    layersOf(run),
    button(
      'Save the run (JSON)',
      () => {
        save(
          new Blob([`${JSON.stringify(run, null, 2)}\n`], { type: 'application/json' }),
          `${run.model.replaceAll(/[^\w.-]+/g, '-')}-run.json`,
        );
        announce('Saved: flopscope report --runs reads it.');
      },
      { class: 'quiet' },
    ),
  );
}

/** Layers that take the most time. */
const SLOWEST = 10;

function layersOf({ layers, noLayers }: Run): HTMLElement {
  if (layers === null)
    return element('p', { class: 'hint' }, `No times of layers: ${visible(noLayers ?? 'not asked for')}.`);
  const whole = layers.reduce((sum, layer) => sum + layer.milliseconds, 0);
  return element(
    'details',
    {},
    element('summary', {}, `The slowest of ${layers.length} steps`),
    element(
      'ol',
      {},
      ...[...layers]
        .sort((a, b) => b.milliseconds - a.milliseconds)
        .slice(0, SLOWEST)
        .map(({ name, milliseconds: ms }) =>
          element('li', {}, `${visible(name)}: ${milliseconds(ms)} ms, ${percentage(ms / whole)}`),
        ),
    ),
  );
}

function intervalOf(run: Run): string {
  const { low, high, basis, sessions } = timeInterval(sessionTimes(run));
  if (low === null || high === null || basis !== 'sessions')
    return 'one session does not tell how much sessions differ: measure several';
  return `${milliseconds(low)} to ${milliseconds(high)} ms, from ${sessions} sessions`;
}

/** Beside each network that was measured in the same sessions, by the rules of every table. */
function verdictsOf(run: Run, all: readonly Run[]): readonly string[] {
  const own = new Set(run.sessions.map(({ id }) => id));
  return all
    .filter((other) => other !== run && other.sessions.some(({ id }) => own.has(id)))
    .map((other) => `${run.model} ${timeClause(imageRatio(run, other), other.model)}.`);
}
