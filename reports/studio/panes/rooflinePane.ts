// The view of the roofline, of a device record or of a run that was measured.

import { DARK, LIGHT } from '../../charts/theme.js';
import { percent, short } from '../../text/number.js';
import { element } from '../../page/dom.js';
import { isDark } from '../../page/themeButton.js';
import { visible } from '../../../src/visible.js';
import type { Studio } from '../app.js';
import type { Roofline } from '../core/predicted.js';
import { drawRoofline, type RooflineLook } from '../pictures/roofline.js';
import { deviceList } from './devices.js';
import { countedNow, following } from './following.js';
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
      saveButtons('roofline', () => shown && drawRoofline(shown, look(SAVED_WIDTH, false))),
    ),
    following(studio, {
      view: 'roofline',
      about: () => {
        const counted = countedNow(studio);
        return counted && device.value !== '' ? [...counted, device.value] : null;
      },
      ask: () =>
        studio.thinker.ask('roofline', {
          ...{ wanted: studio.wantedOf(studio.tab!), device: device.value, own: studio.devices },
        }),
      show: (roofline) => {
        shown = roofline;
        queueMicrotask(draw);
        return [frame, element('p', { class: 'hint' }, wordsOf(roofline))];
      },
    }),
  );
}

function wordsOf({ device, kind, flopsPerSecond, bytesPerSecond, points }: Roofline): string {
  const ridge = flopsPerSecond / bytesPerSecond;
  const bound = points.reduce((sum, { intensity, share }) => sum + (intensity < ridge ? share : 0), 0);
  const how = kind === 'predicted' ? 'predicted by its record, not measured' : 'measured';
  return `${visible(device)}, ${how}: ${percent(bound, 1) || '0 %'} of the time is spent left of the ridge at ${short(ridge)} FLOPs per byte, where memory is the limit. Each point is a layer, the larger the more of the time it takes.`;
}
