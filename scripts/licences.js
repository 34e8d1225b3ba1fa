// Writes the licences of all packages whose code is in dist/, as they demand.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LICENCE = /^(licen[cs]e|copying|notice)/i;
/** Texts of packages that bring none: by a name, and by what their manifests say. */
const OF_NAME = [[/^onnxruntime-/, 'scripts/portable/onnxruntime.LICENSE']];
const OF_LICENCE = { 'Apache-2.0': 'node_modules/long/LICENSE' };

/** @param metafiles of esbuild */
export function writeLicences(path, metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0),
    ),
  );
  // esbuild writes (disabled): before what a package leaves out of browsers.
  const real = inputs.filter((input) => !input.startsWith('(disabled)'));
  const folders = [...new Set(real.flatMap((input) => PACKAGE.exec(input)?.[1] ?? []))].sort();
  // Several packages share a text.
  const byText = new Map();
  for (const folder of folders) {
    const { name, version, license, homepage = '' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = textOf(folder, name, license);
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license}) ${homepage}`.trim()]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}`);
  writeFileSync(path, `flopscope holds code of these packages.\n\n${parts.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`);
}

function textOf(folder, name, license) {
  const own = readdirSync(folder).find((file) => LICENCE.test(file));
  const path = own ? join(folder, own) : (OF_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? OF_LICENCE[license]);
  if (path !== undefined) return readFileSync(path, 'utf8').trim();
  const { author, contributors } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (license === 'MIT') return MIT.replace('HOLDER', nameOf(author) ?? nameOf(contributors?.[0]) ?? 'its authors');
  throw new Error(`${folder} has no licence text, and there is none here for ${license}`);
}

const nameOf = (person) => (typeof person === 'string' ? person : person?.name);

const MIT = `Copyright (c) HOLDER

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
