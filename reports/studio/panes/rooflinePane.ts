// The view of the roofline, of a device record or of a run that was measured.

import { DARK, LIGHT } from '../../charts/theme.js';
import { percent, short } from '../../text/number.js';
import { element } from '../../page/dom.js';
import { isDark } from '../../page/themeButton.js';
import { visible } from '../../../src/visible.js';
import type { Run } from '../../../src/measure/run.js';
import type { Studio } from '../app.js';
import type { Counted } from '../core/protocol.js';
import type { Roofline } from '../core/predicted.js';
import { drawRoofline, type RooflineLook } from '../pictures/roofline.js';
import { deviceList } from './devices.js';
import { following, shownCount, shownTab } from './following.js';
import { saveButtons } from './saveButtons.js';

const SAVED_WIDTH = 1000;

export function rooflinePane(studio: Studio): HTMLElement {
  const device = element('select', { id: 'roofline-device' });
  device.addEventListener('change', () => {
    studio.draw();
  });
  deviceList(studio, (names) => {
    const before = device.value;
    device.replaceChildren(...names.map(({ name, title }) => element('option', { value: name }, title)));
    if (before !== '') device.value = before;
  });
  const own = element('input', { type: 'checkbox', id: 'roofline-measured', checked: true });
  own.addEventListener('change', () => {
    studio.draw();
  });
  const title = 'The last run of this network that has its layers and ceilings';
  const measuredBox = element('label', { class: 'field', title }, own, 'As measured');
  const measuredRun = ({ tab }: Studio): Run | undefined => {
    const run = studio.runsOf(tab).findLast(({ layers, ceilings }) => layers !== null && ceilings !== null);
    measuredBox.hidden = run === undefined;
    return own.checked ? run : undefined;
  };
  let shown: Roofline | undefined;
  const look = (width: number, dark: boolean): RooflineLook => ({
    ...{ theme: dark ? DARK : LIGHT, width, selected: studio.selected },
    stages: [...new Set(studio.resultOf(studio.tab).counted?.profile.layers.map(({ stage }) => stage))],
  });
  const frame = element('div', { class: 'picture', role: 'img' });
  let drawn: readonly unknown[] = [];
  function draw(): void {
    const width = Math.max(280, frame.clientWidth);
    const now = [shown, width, isDark(), studio.selected];
    if (frame.clientWidth === 0 || !shown || now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    const picture = drawRoofline(shown, look(width, isDark()));
    frame.replaceChildren(picture ?? element('p', { class: 'hint' }, 'No layer has both work and traffic.'));
    frame.setAttribute('aria-label', `Roofline. ${wordsOf(shown)}`);
  }
  frame.addEventListener('click', (event) => {
    const name = (event.target as Element).closest<SVGElement>('[data-layer]')?.dataset['layer'];
    if (name !== undefined) studio.select(name);
  });
  studio.onDraw(draw);
  new ResizeObserver(draw).observe(frame);
  return element(
    'div',
    {},
    element(
      'div',
      { class: 'toolbar' },
      element('label', { class: 'field' }, element('span', {}, 'Device'), device),
      measuredBox,
      saveButtons('roofline', () => shown && drawRoofline(shown, look(SAVED_WIDTH, false))),
    ),
    following(studio, {
      view: 'roofline',
      about: () => {
        const counted = shownCount(studio);
        const run = measuredRun(studio);
        if (!counted || device.value === '') return null;
        return run === undefined ? [...counted, device.value, studio.devices] : [...counted, run];
      },
      ask: () => {
        const run = measuredRun(studio);
        const { counted } = studio.resultOf(studio.tab);
        if (run && counted) return Promise.resolve(measuredRoofline(run, counted));
        return studio.thinker.ask('roofline', {
          ...{ wanted: studio.wantedOf(shownTab(studio)), device: device.value, own: studio.devices },
        });
      },
      nothing: 'The roofline is of a network that counts: see the source.',
      show: (roofline) => {
        shown = roofline;
        queueMicrotask(draw);
        return [frame, element('p', { class: 'hint' }, wordsOf(roofline))];
      },
    }),
  );
}

/** Each timed layer, with what was fused into it. */
function measuredRoofline({ device, ceilings, layers, bytesPerElement }: Run, { profile }: Counted): Roofline {
  const counted = new Map(profile.layers.map((layer) => [layer.name, layer]));
  const timed = layers ?? [];
  const whole = timed.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return {
    device: `${device.name}${device.software ? ' (a software driver)' : ''}`,
    kind: 'measured',
    flopsPerSecond: ceilings!.flopsPerSecond,
    bytesPerSecond: ceilings!.bytesPerSecond,
    points: timed.flatMap(({ name, absorbed, milliseconds }) => {
      const parts = [name, ...absorbed].flatMap((one) => counted.get(one) ?? []);
      const flops = parts.reduce((sum, layer) => sum + layer.flops, 0);
      const bytes = bytesPerElement * parts.reduce((sum, layer) => sum + layer.memoryAccessFused, 0);
      if (flops === 0 || bytes === 0 || milliseconds === 0) return [];
      return [
        {
          ...{ name, stage: parts[0]!.stage, milliseconds, intensity: flops / bytes },
          ...{ flopsPerSecond: (1000 * flops) / milliseconds, share: milliseconds / whole },
        },
      ];
    }),
  };
}

function wordsOf({ device, kind, flopsPerSecond, bytesPerSecond, points }: Roofline): string {
  const ridge = flopsPerSecond / bytesPerSecond;
  const bound = points.reduce((sum, { intensity, share }) => sum + (intensity < ridge ? share : 0), 0);
  const how = kind === 'predicted' ? 'predicted by its record, not measured' : 'measured';
  return `${visible(device)}, ${how}: ${percent(bound, 1) || '0 %'} of the time is spent left of the ridge at ${short(ridge)} FLOPs per byte, where memory is the limit. Each point is a layer, the larger the more of the time it takes.`;
}
