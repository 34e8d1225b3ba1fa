// Kinds of file that are recognised and not read: what each is, and what to do instead.

import type { Head } from './formats.js';
import { EXPORT } from './pt2/members.js';

interface OtherKind {
  /** What its first bytes are, or what its text begins with. */
  readonly starts?: string | RegExp;
  /** How its name ends, where its bytes do not tell. */
  readonly ends?: RegExp;
  /** One clause: what it is, and how to get a file that is read. */
  readonly says: string;
}

/** What a user of PyTorch gives instead of weights. */
const RUN = `run ${EXPORT} and give that file`;

/** First bytes that no file which is read has, whatever its name is. */
const SURE: readonly OtherKind[] = [
  { starts: 'version https://git-lfs', says: 'it is a Git LFS pointer, whose file was not fetched (run git lfs pull)' },
  // Pickles of protocol 2 to 5.
  { starts: /^\p{Cc}?\ufffd[\x02-\x05]/u, says: `it is a pickle, as torch.save wrote before PyTorch 1.6 (${RUN})` },
  {
    starts: /^[^{]{2,8}\{\s*"[^"]+"\s*:\s*\{\s*"/,
    says: `it is a safetensors file, which holds weights and no graph (${RUN})`,
  },
  { starts: '\x1f\x8b', says: 'it is a gzip archive (unpack it first)' },
  { starts: '\x89PNG', says: 'it is a PNG picture' },
  { starts: '\xff\xd8\xff', says: 'it is a JPEG picture' },
  { starts: '%PDF', says: 'it is a PDF document' },
  { starts: '\x7fELF', says: 'it is a program or a library of Linux' },
  { starts: '\x93NUMPY', says: `it is an array of NumPy, and no network (${RUN})` },
  { starts: 'GGUF', says: 'it is a GGUF file of a language model, which flopscope does not read' },
  {
    starts: 'ftrt',
    says: 'it is a TensorRT engine, which is built for one GPU (give the ONNX file that it was built from)',
  },
];

/** What a file of no kind that is read may be. */
const OTHERS: readonly OtherKind[] = [
  { starts: 'PK\x03\x04', says: 'it is a zip archive of no kind that is read' },
  {
    starts: /^\s*<\?xml[^>]*>\s*<net\b/,
    says: 'it is an OpenVINO model (give the ONNX file that it was converted from)',
  },
  { starts: /^7767517\b/, says: 'it is an ncnn model (give the ONNX file that it was converted from)' },
  { starts: /^\s*</, says: 'it is markup' },
  { ends: /\.weights$/i, says: 'it seems to hold weights of Darknet and no graph (give its .cfg file)' },
  { ends: /\.caffemodel$/i, says: 'it seems to hold weights of Caffe (give its .prototxt file)' },
  { ends: /\.py$/i, says: `it seems to be Python source (${RUN})` },
];

/** What a file that no format takes seems to be; undefined where nothing is known of it. */
export const otherKindIn = (head: Head, name: string): string | undefined => saidOf(OTHERS, head, name);

/** What the bytes are for sure, whatever the name says: to be asked before any format is. */
export const surelyOtherKind = (head: Head): string | undefined => saidOf(SURE, head, '');

function saidOf(kinds: readonly OtherKind[], { bytes, text }: Head, name: string): string | undefined {
  const latin = String.fromCharCode(...bytes.subarray(0, 64));
  return kinds.find(({ starts, ends }) =>
    starts === undefined ? ends?.test(name) : typeof starts === 'string' ? latin.startsWith(starts) : starts.test(text),
  )?.says;
}
