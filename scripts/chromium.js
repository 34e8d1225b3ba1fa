// Where a browser is: the system's Chromium, for tests, benchmarks and pictures.

import { existsSync } from 'node:fs';

/** Undefined where there is none. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
