// flopscope convert: writes a model for other programs, or as a diagram.

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { bytes, grouped } from '../../../reports/text/number.js';
import { symbol } from '../../../src/dim/dim.js';
import type { DiagramPart } from '../../../src/exporters/diagram/part.js';
import type { Pieces } from '../../../src/exporters/onnx/writeTensors.js';
import type { Graph } from '../../../src/graph.js';
import { InputError } from '../../../src/inputError.js';
import type { Model } from '../../../src/model.js';
import { counted } from '../../../src/plural.js';
import { kindOf, type KindName } from './kinds.js';
import { imageSize, modelNamed } from '../../input/model.js';
import { warnOfLowerBound } from '../../output/warnOfLowerBound.js';
import { progressBar } from '../../output/progressBar.js';
import type { Screen } from '../../screen.js';
import { VERSION } from '../../../src/version.js';
import { checkWritable, writeResult, writeResults } from '../../output/writeResult.js';

export interface ConvertOptions {
  readonly output?: string;
  readonly to?: KindName;
  readonly input?: string;
  readonly batch?: number;
  readonly dynamicBatch?: true;
  readonly seed?: number;
  readonly external?: true;
  readonly weights: boolean;
  readonly by?: DiagramPart;
  readonly allowUnknown: boolean;
}

export async function convertCommand(name: string, options: ConvertOptions, screen: Screen): Promise<void> {
  const kind = kindOf(options);
  const { output } = options;
  if (output !== undefined) await demandFree(output, name);
  const graph = await graphNamed(name, kind, options, screen);
  if (kind === 'onnx') await writeModel(graph, output!, options, screen);
  else await writeText(await TEXTS[kind](graph, options, screen), output, screen);
}

/** @throws InputError where the output cannot be written, or is the model itself */
async function demandFree(output: string, name: string): Promise<void> {
  await checkWritable(output);
  const [target, source] = await Promise.all([output, name].map((path) => stat(path).catch(() => undefined)));
  if (target && target.ino === source?.ino && target.dev === source.dev)
    throw new InputError(`${output}: is the model that is converted; choose another path`);
}

/**
 * @throws InputError where the file has an op that is not known; a kind that draws may leave it out
 */
async function graphNamed(name: string, kind: KindName, options: ConvertOptions, screen: Screen): Promise<Graph> {
  try {
    const model = await modelNamed(name, options);
    const graph = graphAt(model, options);
    warnOfLowerBound(model, graph, screen);
    return graph;
  } catch (error) {
    if (kind !== 'onnx' || !(error instanceof InputError) || error.option !== 'allowUnknown') throw error;
    throw new InputError(
      `${error.message}; ONNX has to hold the whole network: --to dot with --allow-unknown draws the rest`,
    );
  }
}

function graphAt(model: Model, { input, batch, dynamicBatch }: ConvertOptions): Graph {
  if (dynamicBatch && batch !== undefined)
    throw new InputError('--batch and --dynamic-batch exclude each other: the batch is one number, or open');
  return model.build([dynamicBatch ? symbol('batch') : (batch ?? model.batch ?? 1), ...imageSize(input, model)]);
}

/** The message after a text was written to a file. */
interface Text {
  readonly text: string;
  readonly about: string;
}

const TEXTS: Readonly<
  Record<Exclude<KindName, 'onnx'>, (graph: Graph, options: ConvertOptions, screen: Screen) => Promise<Text>>
> = {
  async dot(graph, { by = 'block' }) {
    const { diagram } = await import('../../../src/exporters/diagram/diagram.js');
    const { dot } = await import('../../../src/exporters/diagram/dot.js');
    const drawn = diagram(graph, by);
    return { text: dot(drawn), about: drawnAs(drawn) };
  },
  async mermaid(graph, { by = 'block' }, screen) {
    const { diagram } = await import('../../../src/exporters/diagram/diagram.js');
    const { mermaid, MOST_CHARACTERS, MOST_LINKS } = await import('../../../src/exporters/diagram/mermaid.js');
    const drawn = diagram(graph, by);
    const text = mermaid(drawn);
    if (drawn.arrows.length > MOST_LINKS || text.length > MOST_CHARACTERS)
      screen.err(
        `Mermaid draws ${MOST_LINKS} links and ${grouped(MOST_CHARACTERS)} characters unless its settings maxEdges and maxTextSize say more, and this picture has ${drawn.arrows.length} and ${grouped(text.length)}: --by ${by === 'layer' ? 'block or ' : ''}stage draws fewer\n`,
      );
    return { text, about: drawnAs(drawn) };
  },
  async graph(graph) {
    const { graphToJson } = await import('../../../src/exporters/json/graphJson.js');
    return { text: `${JSON.stringify(graphToJson(graph), null, 2)}\n`, about: counted(graph.nodes.length, 'node') };
  },
};

const drawnAs = ({ boxes, arrows }: { readonly boxes: readonly unknown[]; readonly arrows: readonly unknown[] }) =>
  `${counted(boxes.length, 'node')}, ${counted(arrows.length, 'arrow')}`;

async function writeText({ text, about }: Text, output: string | undefined, screen: Screen): Promise<void> {
  if (output === undefined) {
    screen.out(text);
    return;
  }
  await writeResult(output, text);
  screen.out(`${output}: ${about}, ${bytes(Buffer.byteLength(text))}\n`);
}

async function writeModel(graph: Graph, output: string, options: ConvertOptions, screen: Screen): Promise<void> {
  const { external, weights, seed = 1 } = options;
  if (external && !weights)
    throw new InputError('--external and --no-weights exclude each other: there are no weights to put elsewhere');
  const { OPSET, writeOnnx } = await import('../../../src/exporters/onnx/writeOnnx.js');
  const second = external ? `${output}.data` : undefined;
  if (second !== undefined) await checkWritable(second);
  const file = writeOnnx(graph, {
    seed,
    weights: !weights ? 'none' : second === undefined ? 'inside' : { file: basename(second) },
    producer: ['flopscope', VERSION],
  });
  const bar = await progressBar(1, screen);
  const progress = bar.part(output);
  const all = file.model.size + (file.external?.size ?? 0);
  let done = 0;
  function* watched({ pieces }: Pieces): Iterable<Uint8Array> {
    for (const piece of pieces()) {
      yield piece;
      progress('write', (done += piece.length), all);
    }
  }
  try {
    await writeResults([
      [output, watched(file.model)],
      ...(second !== undefined && file.external ? [[second, watched(file.external)] as const] : []),
    ]);
  } finally {
    bar.stop();
  }
  const filled = !weights ? 'no weights' : `weights of seed ${seed}${second === undefined ? '' : ` in ${second}`}`;
  screen.out(
    `${output}: ONNX opset ${OPSET}, ${counted(file.nodes, 'node')}, ${filled}, ${bytes(file.model.size + (file.external?.size ?? 0))}\n`,
  );
}
