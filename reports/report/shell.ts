// The HTML around every page: a policy that allows only its own script and style; fonts; data.

import { escape, jsonForScript } from './markup.js';
import { base64, sha256 } from './sha256.js';

/** The browser's files from the build. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
  /** woff, by weight. */
  readonly fonts: readonly { readonly weight: number; readonly data: Uint8Array }[];
}

/** @param body markup; every text in it is escaped already */
export function shell(title: string, body: string, data: unknown, { script, style, fonts }: PageParts): string {
  const css = `${fonts.map(fontFace).join('')}${style}`;
  const js = scriptSafe(script);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '${hashOf(js)}'; style-src '${hashOf(css)}'; font-src data:; img-src data: blob:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escape(title)}</title>
<link rel="icon" href="data:,">
<style>${css}</style>
</head>
<body>
${body}
<script type="application/json" id="data">${jsonForScript(data)}</script>
<script>${js}</script>
</body>
</html>
`;
}

const fontFace = ({ weight, data }: PageParts['fonts'][number]): string =>
  `@font-face{font-family:Inter;font-style:normal;font-weight:${weight};font-display:block;src:url(data:font/woff;base64,${base64(data)}) format("woff")}`;

const hashOf = (text: string): string => `sha256-${base64(sha256(text))}`;

/** Escapes closing tags and comments in strings of our own script. */
const scriptSafe = (script: string): string =>
  script.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
