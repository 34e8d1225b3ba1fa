// The kinds of file that are read. A new kind is one row here, and its reader is loaded when such a file is met.

import type { Model } from '../model.js';
import { textOf, type ModelFile, type ReadOptions } from './modelFile.js';
import { weightsBeside } from './tfjs/weightsBeside.js';

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
/** What only files of TensorFlow.js and Keras have. */
const KERAS_OR_TFJS = /"(modelTopology|class_name)"\s*:/;

/** In the order in which they are tried: kinds with a signature first, text that may be anything last. */
export const FORMATS: readonly FileFormat[] = [
  {
    id: 'tfjs',
    title: 'TensorFlow.js and Keras JSON',
    endings: ['.json'],
    from: "model.json of the TensorFlow.js converter, or Keras's model.to_json()",
    matches: (head, file) => isJson(head) && KERAS_OR_TFJS.test(textOf(file)),
    async read(file) {
      const { readTfjs } = await import('./tfjs/readTfjs.js');
      return readTfjs(textOf(file), file.name, weightsBeside(file));
    },
  },
  {
    id: 'config',
    title: 'flopscope config',
    endings: ['.yaml', '.yml', '.json'],
    from: 'YAML or JSON of your own: a family with its fields, layers, or a graph that convert wrote',
    matches: (head, { name }) => isJson(head) || /\.ya?ml$/i.test(name),
    async read(file) {
      const { readConfig } = await import('./config/readConfig.js');
      return readConfig(textOf(file), file.name);
    },
  },
  {
    id: 'onnx',
    title: 'ONNX',
    endings: ['.onnx'],
    from: 'torch.onnx.export(model, x, "model.onnx"), tf2onnx, and other exporters',
    matches: ({ bytes }, { name }) => /\.onnx$/i.test(name) || bytes[0] === 0x08,
    async read({ name, source }, options) {
      const { readOnnx } = await import('./onnx/readOnnx.js');
      return readOnnx(source, name, options);
    },
  },
];
