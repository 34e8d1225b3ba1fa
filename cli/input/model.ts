// Which model did the user name? A built-in one, a config or ONNX file, or a detector on one of them; nothing else is read.

import { builtIn, isBuiltIn } from '../../src/builtIn.js';
import type { ImageSize } from '../../src/families/family.js';
import { InputError } from '../../src/inputError.js';
import { graphOf, type Model } from '../../src/model.js';
import { profile, type Profile } from '../../src/profile.js';
import { readText } from './readText.js';

const ONNX = /\.onnx$/i;
const CONFIG = /\.(ya?ml|json)$/i;
const JSON_FILE = /\.json$/i;
/** What only files of TensorFlow.js and Keras have; a config of ours is told apart without loading their reader. */
const TFJS = /"(modelTopology|class_name)"\s*:/;
/** A topology with a list of weights may be longer than a config. */
const MOST_MIB = 64;
/** What looks like a path rather than a name. */
const PATH = /[/\\]|\.[A-Za-z]+$/;

/** A detector, its fields where it is given any, and what it stands on; a path has a slash or a dot before its first @. */
const ON_BACKBONE = /^([A-Za-z][\w-]*)(:[^@]*)?@(.+)$/s;

/** How a name is read. */
export interface Reading {
  /** Count the rest: every total is a lower bound then, and says so. */
  readonly allowUnknown?: boolean;
  /** What the command takes beside models: a mistyped name may mean it. */
  readonly others?: readonly string[];
}

/** @throws InputError for an unknown name, with the nearest ones, and for a file that cannot be read or understood */
export async function modelNamed(name: string, how: Reading = {}): Promise<Model> {
  if (isBuiltIn(name)) return builtIn(name);
  const [, detector, given = '', backbone] = ON_BACKBONE.exec(name) ?? [];
  if (detector !== undefined && backbone !== undefined) return modelOn(detector, given, backbone);
  if (!PATH.test(name)) return builtIn(name, how.others);
  if (ONNX.test(name)) return onnxModel(name, how);
  if (!CONFIG.test(name))
    throw new InputError(
      `${name}: is no file that flopscope reads; give a .yaml, .yml or .json config, an .onnx model, a .json of Keras or TensorFlow.js, or a built-in name`,
    );
  const text = await readText(name, JSON_FILE.test(name) ? MOST_MIB : undefined);
  if (JSON_FILE.test(name) && TFJS.test(text)) return tfjsModel(text, name);
  const { readConfig } = await import('../../src/importers/config/readConfig.js');
  return readConfig(text, name);
}

async function tfjsModel(text: string, path: string): Promise<Model> {
  const [{ readTfjs }, { weightFilesOf }] = await Promise.all([
    import('../../src/importers/tfjs/readTfjs.js'),
    import('./weightFiles.js'),
  ]);
  return readTfjs(text, path, weightFilesOf(path));
}

async function modelOn(detector: string, given: string, backbone: string): Promise<Model> {
  const { detectorNames, detectorOn } = await import('../../src/detectors/table.js');
  if ((CONFIG.test(backbone) || ONNX.test(backbone)) && !detectorNames().includes(detector))
    throw new InputError(
      `there is no detector "${detector}", only ${detectorNames().join(', ')}; for a file of that name write ./${detector}${given}@${backbone}`,
    );
  if (ON_BACKBONE.test(backbone))
    throw new InputError(`${backbone} is a detector, and ${detector} needs a backbone: name one detector`);
  return detectorOn(detector + given, await modelNamed(backbone));
}

async function onnxModel(path: string, { allowUnknown = false }: Reading): Promise<Model> {
  const [{ readOnnx }, { withFile }] = await Promise.all([
    import('../../src/importers/onnx/readOnnx.js'),
    import('./fileSource.js'),
  ]);
  return withFile(path, (source) => readOnnx(source, path, { allowUnknown }));
}

/** The model's counts at a batch, and at `--input` where it was given. */
export function profileAt(
  model: Model,
  n: number | undefined,
  input: string | undefined,
  bytesPerElement?: number,
): Profile {
  const graph = graphOf(model, n, imageSize(input, model));
  return profile(graph, { source: model.source, ...(bytesPerElement === undefined ? {} : { bytesPerElement }) });
}

/** Three positive integers joined by x. */
export function imageSize(text: string | undefined, model: Model): ImageSize {
  if (text === undefined) return model.input;
  const sides = text.split('x').map((side) => (/^\d+$/.test(side) ? Number(side) : NaN));
  const [c, h, w] = sides;
  if (sides.length !== 3 || !sides.every((side) => Number.isSafeInteger(side) && side > 0))
    throw new InputError(`--input ${text} is not CxHxW: give three whole numbers, as in --input 3x224x224`);
  return [c!, h!, w!];
}
