// The layer types of Caffe's older syntax by their newer names: CONVOLUTION is Convolution.

/** By their numbers in the enum of V1LayerParameter. */
const NUMBERS: Readonly<Record<number, string>> = {
  ...{ 1: 'ACCURACY', 2: 'BNLL', 3: 'CONCAT', 4: 'CONVOLUTION', 5: 'DATA', 6: 'DROPOUT', 7: 'EUCLIDEAN_LOSS' },
  ...{ 8: 'FLATTEN', 9: 'HDF5_DATA', 10: 'HDF5_OUTPUT', 11: 'IM2COL', 12: 'IMAGE_DATA', 13: 'INFOGAIN_LOSS' },
  ...{ 14: 'INNER_PRODUCT', 15: 'LRN', 16: 'MULTINOMIAL_LOGISTIC_LOSS', 17: 'POOLING', 18: 'RELU', 19: 'SIGMOID' },
  ...{ 20: 'SOFTMAX', 21: 'SOFTMAX_LOSS', 22: 'SPLIT', 23: 'TANH', 24: 'WINDOW_DATA', 25: 'ELTWISE', 26: 'POWER' },
  ...{ 27: 'SIGMOID_CROSS_ENTROPY_LOSS', 28: 'HINGE_LOSS', 29: 'MEMORY_DATA', 30: 'ARGMAX', 31: 'THRESHOLD' },
  ...{ 32: 'DUMMY_DATA', 33: 'SLICE', 34: 'MVN', 35: 'ABSVAL', 36: 'SILENCE', 37: 'CONTRASTIVE_LOSS', 38: 'EXP' },
  39: 'DECONVOLUTION',
};

/** Those that are no upper case of words in camel case. */
const IRREGULAR: Readonly<Record<string, string>> = {
  ...{ ABSVAL: 'AbsVal', ARGMAX: 'ArgMax', BNLL: 'BNLL', HDF5_DATA: 'HDF5Data', HDF5_OUTPUT: 'HDF5Output' },
  ...{ IM2COL: 'Im2col', LRN: 'LRN', MVN: 'MVN', RELU: 'ReLU', SOFTMAX_LOSS: 'SoftmaxWithLoss', TANH: 'TanH' },
};

const NAMES: ReadonlySet<string> = new Set(Object.values(NUMBERS));

/** Undefined where V1 has no such type. */
export function newTypeOf(word: string): string | undefined {
  const name = /^\d+$/.test(word) ? NUMBERS[Number(word)] : word;
  if (name === undefined || !NAMES.has(name)) return undefined;
  return (
    IRREGULAR[name] ??
    name
      .split('_')
      .map((part) => part[0]! + part.slice(1).toLowerCase())
      .join('')
  );
}
