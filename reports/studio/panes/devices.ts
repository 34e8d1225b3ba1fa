// The device records that can be chosen: those that are built in, and those that were dropped.

import { announceFailure } from '../../page/dom.js';
import type { Studio } from '../app.js';
import type { Answer } from '../core/answers.js';

/** @param show is called with the list, and again when a record was dropped */
export function deviceList(studio: Studio, show: (devices: Answer<'devices'>) => void): void {
  let listed: Studio['devices'] | undefined;
  studio.onDraw(() => {
    if (listed === studio.devices) return;
    listed = studio.devices;
    announceFailure(
      studio.thinker.ask('devices', studio.devices).then((devices) => {
        show(devices);
        studio.draw();
      }),
    );
  });
}
