// Times on devices that are not here, by their records, beside what was measured.

import { visible } from '../../../src/visible.js';
import { milliseconds } from '../../text/number.js';
import { element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import type { Predicted } from '../core/predicted.js';
import { deviceList } from './devices.js';
import { following, shownCount, shownTab } from './following.js';
import { tableView } from './tableView.js';

export function predictPane(studio: Studio): HTMLElement {
  const boxes = element('div', { class: 'chips', role: 'group', 'aria-label': 'Devices', id: 'predict-devices' });
  const off = new Set<string>();
  let all: readonly string[] = [];
  deviceList(studio, (devices) => {
    all = devices.map(({ name }) => name);
    boxes.replaceChildren(
      ...devices.map(({ name, title }) => {
        const box = element('input', { type: 'checkbox', checked: !off.has(name), value: name });
        box.addEventListener('change', () => {
          if (box.checked) off.delete(name);
          else off.add(name);
          studio.draw();
        });
        return element('label', { class: 'field', title: visible(title) }, box, visible(name));
      }),
    );
  });
  const chosen = (): readonly string[] => all.filter((name) => !off.has(name));
  return element(
    'div',
    {},
    boxes,
    following(studio, {
      view: 'predict',
      about: () => {
        const counted = shownCount(studio);
        return counted && chosen().length > 0 ? [...counted, chosen().join(), studio.devices, studio.runs] : null;
      },
      ask: () =>
        studio.thinker.ask('predicted', {
          ...{ wanted: studio.wantedOf(shownTab(studio)), devices: chosen(), own: studio.devices },
        }),
      nothing: 'Choose a device whose time is to be predicted.',
      show: (predicted) => [bars(studio, predicted), ...tableView(predicted.table)],
    }),
  );
}

/** A bar for each device with its interval, and one for each run of this network that is here. */
function bars(studio: Studio, { rows }: Predicted): HTMLElement {
  const runs = studio.runsOf(studio.tab);
  const whole = Math.max(
    ...rows.map(({ milliseconds: ms, interval }) => (Number.isFinite(interval[1]) ? interval[1] : 2 * ms)),
    ...runs.map(({ times }) => times.median),
  );
  const bar = (
    label: string,
    kind: string,
    ms: number,
    [low, high]: readonly [number, number],
    words: string,
  ): HTMLElement => {
    const fill = element('div', { class: `fill ${kind}` });
    fill.style.width = `${(100 * ms) / whole}%`;
    const range = element('div', { class: 'range' });
    range.style.left = `${(100 * low) / whole}%`;
    range.style.width = `${(100 * (Math.min(high, whole) - low)) / whole}%`;
    return element(
      'div',
      { class: 'time-row' },
      element('span', { class: 'label' }, visible(label)),
      element('div', { class: 'track', 'aria-hidden': 'true' }, fill, range),
      element('span', { class: 'words' }, words),
    );
  };
  return element(
    'div',
    { class: 'times' },
    ...rows.map(({ device, milliseconds: ms, interval }) =>
      bar(
        device,
        'predicted',
        ms,
        interval,
        `${milliseconds(ms)} ms predicted, ${milliseconds(interval[0])} to ${Number.isFinite(interval[1]) ? `${milliseconds(interval[1])} ms` : 'any'}`,
      ),
    ),
    ...runs.map((run) =>
      bar(
        `${run.device.name}${run.device.software ? ' (software)' : ''}`,
        'measured',
        run.times.median,
        [run.times.lowerQuartile, run.times.upperQuartile],
        `${milliseconds(run.times.median)} ms measured, ${run.engine}`,
      ),
    ),
  );
}
