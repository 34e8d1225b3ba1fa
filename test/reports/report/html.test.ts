// Is the page one closed file? Hostile names stay text, nothing is fetched, and its policy names exactly its own script.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { html } from '../../../reports/report/html.js';
import { escape, jsonForScript } from '../../../reports/report/markup.js';
import { reportData } from '../../../reports/report/reportData.js';
import { HOSTILE, hostileProfile } from '../hostile.js';
import { syntheticRun } from '../synthetic.js';

const parts = {
  script: 'const a = "</script><!--";',
  style: 'p{}',
  fonts: [{ weight: 400, data: new Uint8Array([1]) }],
};
const profiles = HOSTILE.map(hostileProfile);
const data = reportData({
  title: HOSTILE[0],
  madeAt: '2001-01-01',
  version: '0',
  profiles,
  runs: profiles.map((profile) =>
    syntheticRun(profile, { device: { ...syntheticRun(profile).device, name: HOSTILE[0] } }),
  ),
});

describe('html', () => {
  const page = html(data, parts);

  it('has three elements of script or style, whatever the names are', () => {
    expect(page.match(/<\/script/gi)).toHaveLength(2);
    expect(page.match(/<\/style/gi)).toHaveLength(1);
    expect(page).not.toMatch(/<img/i);
    expect(page).not.toContain('<!--');
  });

  it('asks for nothing outside', () => {
    expect(page).not.toMatch(/(src|href)="(?!data:|#)/);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toContain('unsafe-inline');
  });

  it('allows exactly the script that it carries', () => {
    const script = /<script>([^]*)<\/script>/.exec(page)![1]!;
    expect(page).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  });

  it('carries data that reads back as it was', () => {
    const json = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(page)![1]!;
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(data)));
  });
});

it('escapes every sign that HTML knows', () => {
  expect(escape(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;');
});

it('writes JSON without a sign that could end a script', () => {
  const text = jsonForScript({ name: '</script>\u2028&' });
  expect(text).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(text)).toEqual({ name: '</script>\u2028&' });
});
