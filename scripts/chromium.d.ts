// The types of chromium.js.

/** The path of the system's Chromium; undefined where there is none. */
export const CHROMIUM: string | undefined;
