// A network as a file: a report of one page, ONNX, a config, or its counts as JSON.

import { writeOnnx } from '../../../src/exporters/onnx/writeOnnx.js';
import { VERSION } from '../../../src/version.js';
import type { Run } from '../../../src/measure/run.js';
import { DEVICES } from '../../../src/devices/builtIn.js';
import { html } from '../../report/html.js';
import { reportOf } from '../../report/reportOf.js';
import { subjectOf, sizeIn } from './count.js';
import { open } from './documents.js';
import type { Wanted } from './protocol.js';

export interface AskedReport {
  readonly wanted: readonly Wanted[];
  readonly runs: readonly Run[];
  /** Names of records to predict times with. */
  readonly devices: readonly string[];
  /** Where the page is, to load what a report needs. */
  readonly base: string;
}

/** The page that `flopscope report` writes. */
export async function report({ wanted, runs, devices, base }: AskedReport): Promise<string> {
  const models = [];
  for (const one of wanted) {
    const { model } = await open(one);
    models.push(one.options.bytes === null ? model : { ...model, bytesPerElement: one.options.bytes });
  }
  const [first] = wanted;
  const input = first?.options.input ?? null;
  const { data } = reportOf(models, {
    runs,
    batch: first?.options.batch ?? undefined,
    ...(input === null ? {} : { input: sizeIn(input) }),
    devices: DEVICES.filter(({ name }) => devices.includes(name)),
  });
  const [script, style, regular, bold] = await Promise.all([
    text(new URL('report/page.js', base)),
    text(new URL('report/style.css', base)),
    bytes(new URL('inter-400.woff', base)),
    bytes(new URL('inter-600.woff', base)),
  ]);
  return html(data, {
    ...{ script, style },
    fonts: [
      { weight: 400, data: regular },
      { weight: 600, data: bold },
    ],
  });
}

const text = async (address: URL): Promise<string> => (await fetched(address)).text();
const bytes = async (address: URL): Promise<Uint8Array> => new Uint8Array(await (await fetched(address)).arrayBuffer());

async function fetched(address: URL): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname} is missing from this studio (${response.status})`);
  return response;
}

/** Seeded weights stand in it, as `flopscope convert` writes them. */
export async function onnx(wanted: Wanted): Promise<Blob> {
  const { graph } = await subjectOf(wanted);
  const { model } = writeOnnx(graph, { seed: 1, weights: 'inside', producer: ['flopscope', VERSION] });
  const parts: BlobPart[] = [];
  for (const part of model.pieces()) parts.push(part as Uint8Array<ArrayBuffer>);
  return new Blob(parts, { type: 'application/octet-stream' });
}

export const counts = async (wanted: Wanted): Promise<string> =>
  `${JSON.stringify((await subjectOf(wanted)).profile, null, 2)}\n`;
