// Kinds of file that are recognised and not read: what each is, and what to do instead.

import type { Head } from './formats.js';
import { EXPORT } from './pt2/members.js';

interface OtherKind {
  /** What its first bytes are, or what its text begins with. */
  readonly starts: string | RegExp;
  /** One clause: what it is, and how to get a file that is read. */
  readonly says: string;
}

/** What a user of PyTorch gives instead of weights. */
const RUN = `run ${EXPORT} and give that file`;

const OTHERS: readonly OtherKind[] = [
  { starts: 'version https://git-lfs', says: 'it is a Git LFS pointer, whose file was not fetched (run git lfs pull)' },
  // Pickles of protocol 2 to 5.
  { starts: /^\p{Cc}?\ufffd[\x02-\x05]/u, says: `it is a pickle, as torch.save wrote before PyTorch 1.6 (${RUN})` },
  { starts: /^[^{]{2,8}\{"[^"]+":\{"/, says: `it is a safetensors file, which holds weights and no graph (${RUN})` },
  { starts: 'PK\x03\x04', says: 'it is a zip archive of no kind that is read' },
  { starts: '\x1f\x8b', says: 'it is a gzip archive (unpack it first)' },
  { starts: '\x89PNG', says: 'it is a PNG picture' },
  { starts: '%PDF', says: 'it is a PDF document' },
  {
    starts: 'ftrt',
    says: 'it is a TensorRT engine, which is built for one GPU (give the ONNX file that it was built from)',
  },
  {
    starts: /^\s*<\?xml[^>]*>\s*<net\b/,
    says: 'it is an OpenVINO model (give the ONNX file that it was converted from)',
  },
  { starts: /^7767517\b/, says: 'it is an ncnn model (give the ONNX file that it was converted from)' },
  { starts: /^\s*</, says: 'it is markup' },
];

/** A clause that says what the file seems to be; undefined where nothing is known of it. */
export function otherKindIn({ bytes, text }: Head): string | undefined {
  const latin = String.fromCharCode(...bytes.subarray(0, 64));
  return OTHERS.find(({ starts }) => (typeof starts === 'string' ? latin.startsWith(starts) : starts.test(text)))?.says;
}
