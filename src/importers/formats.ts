// The table of file kinds that are read. Each row loads its reader when such a file is met.

import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { textOf, type ModelFile, type ReadOptions } from './modelFile.js';
import { EXPORT, isOfTorch } from './pt2/members.js';
import { bytesBeside } from './bytesBeside.js';
import { isZip, membersIn } from './zip/directory.js';

/** What the first bytes of a file say. */
export interface Head {
  readonly bytes: Uint8Array;
  /** The same as text, for kinds that are text. */
  readonly text: string;
}

export interface FileFormat {
  readonly id: string;
  readonly title: string;
  /** What such files are usually called; the bytes decide, not the ending. */
  readonly endings: readonly string[];
  /** Where such a file comes from, as one writes it: a sentence for `list --formats`. */
  readonly from: string;
  /** Whether a file may be of this kind. The first row that says so reads it. */
  matches(head: Head, file: ModelFile): boolean;
  /** @throws InputError of one sentence that begins with the file's name */
  read(file: ModelFile, options: ReadOptions): Promise<Model>;
}

const isJson = ({ text }: Head): boolean => /^\s*[{[]/.test(text);
/**
 * Whether a file is a zip archive with such members. One that is damaged is left to the kind that
 * its name says.
 */
function isArchive({ bytes }: Head, { source }: ModelFile, such: (names: readonly string[]) => boolean): boolean {
  if (!isZip(bytes)) return false;
  try {
    return such(membersIn(source).map(({ name }) => name));
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Keys that only files of TensorFlow.js and Keras have. */
const KERAS_OR_TFJS = /"(modelTopology|class_name)"\s*:/;

/**
 * Comments and blank lines may stand before everything. `[net]` would be JSON too, and a line feed
 * a protobuf.
 */
const DARKNET = /^(?:[\s\uFEFF]|[#;][^\n]*\n)*\[\s*net(?:work)?\s*\]/;
const CAFFE =
  /^(?:[\s\uFEFF]|#[^\n]*\n)*(?:(?:name|input)\s*:\s*["']|(?:layers?|input_shape)\s*:?\s*[{<]|input_dim\s*:|(?:base_lr|net|train_net)\s*:)/;
/** A line of every config: YAML has no mark of its own, and standard input has no ending. */
const CONFIG = /^(?:family|layers)[ \t]*:/m;
/**
 * A topology with a list of weights, a graph of ours or a text of layers may be longer than a
 * config.
 */
const MOST_TEXT_MIB = 64;

const HDF5 = [0x89, 0x48, 0x44, 0x46] as const;
/**
 * Version 1 of the schema, then the first graph. ONNX begins in the same way with its own version,
 * which is 3 or more.
 */
const SAVED_MODEL = [0x08, 0x01, 0x12] as const;

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte);

/** A GraphDef begins with a node, which begins with its name and then its op. */
function isGraphDef(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x0a) return false;
  let at = 1;
  while ((bytes[at] ?? 0) > 127 && at < 6) at++;
  const length = bytes[at + 2] ?? 0;
  return bytes[at + 1] === 0x0a && length > 0 && length < 128 && bytes[at + 3 + length] === 0x12;
}

/**
 * In the order in which they are tried: kinds with a signature first, text that may be anything
 * last.
 */
export const FORMATS: readonly FileFormat[] = [
  {
    id: 'pt2',
    title: 'PyTorch exported program',
    endings: ['.pt2'],
    from: EXPORT,
    matches: (head, file) => isArchive(head, file, isOfTorch) || (isZip(head.bytes) && /\.pt[2h]?$/i.test(file.name)),
    async read({ name, source }, options) {
      const { readPt2 } = await import('./pt2/readPt2.js');
      return readPt2(source, name, options);
    },
  },
  {
    id: 'tflite',
    title: 'TFLite (LiteRT)',
    endings: ['.tflite'],
    from: 'the TFLite converter: float32, float16, dynamic-range or full-integer',
    matches: ({ bytes }) => String.fromCharCode(...bytes.subarray(4, 8)) === 'TFL3',
    async read(file, options) {
      const { readTflite } = await import('./tflite/readTflite.js');
      return readTflite(file, options);
    },
  },
  {
    id: 'darknet',
    title: 'Darknet .cfg',
    endings: ['.cfg'],
    from: 'the .cfg of Darknet, of AlexeyAB and of YOLOR: the file that lists the sections; weights are not needed',
    matches: ({ text }, { name }) => DARKNET.test(text) || /\.cfg$/i.test(name),
    async read(file, options) {
      const { readDarknet } = await import('./darknet/readDarknet.js');
      return readDarknet(textOf(file, MOST_TEXT_MIB), file.name, options);
    },
  },
  {
    id: 'caffe',
    title: 'Caffe prototxt',
    endings: ['.prototxt', '.pbtxt'],
    from: 'the deploy.prototxt or train_val.prototxt of Caffe and its forks, in either syntax; weights are not needed',
    matches: ({ text }, { name }) => CAFFE.test(text) || /\.(prototxt|caffemodel)$/i.test(name),
    async read(file, options) {
      const { readCaffe } = await import('./caffe/readCaffe.js');
      return readCaffe(textOf(file, MOST_TEXT_MIB), file.name, options);
    },
  },
  {
    id: 'tfjs',
    title: 'TensorFlow.js and Keras JSON',
    endings: ['.json'],
    from: "model.json of the TensorFlow.js converter, or Keras's model.to_json()",
    matches: (head, file) => isJson(head) && KERAS_OR_TFJS.test(textOf(file, MOST_TEXT_MIB)),
    async read(file, options) {
      const { readTfjs } = await import('./tfjs/readTfjs.js');
      return readTfjs(textOf(file, MOST_TEXT_MIB), file.name, bytesBeside(file), options);
    },
  },
  {
    id: 'keras',
    title: 'Keras archive',
    endings: ['.keras'],
    from: 'model.save("model.keras")',
    matches: (head, file) =>
      isArchive(head, file, (names) => names.includes('config.json')) ||
      (isZip(head.bytes) && /\.keras$/i.test(file.name)),
    async read({ name, source }, options) {
      const { readKerasArchive } = await import('./keras/readKeras.js');
      return readKerasArchive(source, name, options);
    },
  },
  {
    id: 'keras-h5',
    title: 'Keras HDF5',
    endings: ['.h5', '.hdf5'],
    from: 'model.save("model.h5") of Keras 2 and 3',
    matches: ({ bytes }, { name }) => startsWith(bytes, HDF5) || /\.(h5|hdf5)$/i.test(name),
    async read({ name, source }, options) {
      const { readKerasHdf5 } = await import('./keras/readKeras.js');
      return readKerasHdf5(source, name, options);
    },
  },
  {
    id: 'tensorflow',
    title: 'TensorFlow SavedModel and frozen graph',
    endings: ['a folder with saved_model.pb', '.pb'],
    from: 'model.export("FOLDER"), tf.saved_model.save(model, "FOLDER"), or a frozen graph',
    matches: ({ bytes }) => startsWith(bytes, SAVED_MODEL) || isGraphDef(bytes),
    async read({ name, source }, options) {
      const { readTensorflow } = await import('./tfGraph/readTfGraph.js');
      return readTensorflow(source, name, options);
    },
  },
  {
    id: 'config',
    title: 'flopscope config',
    endings: ['.yaml', '.yml', '.json'],
    from: 'YAML or JSON of your own: a family with its fields, layers, or a graph that convert wrote',
    matches: (head, { name }) => isJson(head) || /\.ya?ml$/i.test(name) || CONFIG.test(head.text),
    async read(file) {
      const { readConfig } = await import('./config/readConfig.js');
      return readConfig(textOf(file, /\.json$/i.test(file.name) ? MOST_TEXT_MIB : undefined), file.name);
    },
  },
  {
    id: 'onnx',
    title: 'ONNX',
    endings: ['.onnx'],
    from: 'torch.onnx.export(model, x, "model.onnx"), tf2onnx, and other exporters',
    matches: ({ bytes }, { name }) => /\.onnx$/i.test(name) || bytes[0] === 0x08,
    async read(file, options) {
      const { readOnnx } = await import('./onnx/readOnnx.js');
      return readOnnx(file.source, file.name, { ...options, companion: bytesBeside(file) });
    },
  },
];
