// Files that are not read: each is said to be what its bytes say, whatever its name is.

import { expect, it } from 'vitest';
import { bytesSource } from '../../src/importers/modelFile.js';
import { formatOf } from '../../src/importers/readModel.js';

const latin = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

it.each<readonly [string, Uint8Array, string]>([
  ['a.onnx', latin('\x89PNG\r\n\x1a\n'), 'a.onnx: it is a PNG picture: flopscope list --formats'],
  ['a.tflite', latin('\xff\xd8\xff\xe0'), 'it is a JPEG picture'],
  ['a.onnx', latin('%PDF-1.7'), 'it is a PDF document'],
  ['a.onnx', latin('\x7fELF\x02'), 'it is a program or a library of Linux'],
  ['a.onnx', latin('\x1f\x8b\x08'), 'it is a gzip archive'],
  ['a.npy', latin('\x93NUMPY\x01'), 'it is an array of NumPy, and no network (run torch.export.save('],
  ['a.gguf', latin('GGUF\x03'), 'it is a GGUF file'],
  ['a.safetensors', latin('\x3d\0\0\0\0\0\0\0{"w": {"dtype": "F32"}}'), 'it is a safetensors file'],
  ['a.bin', latin('\x3d\0\0\0\0\0\0\0{"w":{"dtype":"F32"}}'), 'it is a safetensors file'],
  [
    'yolo.weights',
    latin('\0\0\0\0\x02\0\0\0'),
    'it seems to hold weights of Darknet and no graph (give its .cfg file)',
  ],
  ['model.py', latin('import torch\n'), 'it seems to be Python source (run torch.export.save('],
  ['a.bin', latin('nothing'), 'it is of no kind that flopscope reads'],
])('%s %j', (name, bytes, message) => {
  expect(() => formatOf({ name, source: bytesSource(bytes) })).toThrow(message);
});
