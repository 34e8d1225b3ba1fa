// Which ops does no engine run? They are counted, and a network that has one is refused by its name when it is measured.

export type NotRun =
  | 'dynamicConv'
  | 'deformConv'
  | 'localConv'
  | 'einsum'
  | 'einsumDense'
  | 'rnn'
  | 'quantize'
  | 'dequantize'
  | 'lpPool'
  | 'unfold'
  | 'fold'
  | 'gatherElements'
  | 'gatherNd'
  | 'scatter'
  | 'roiPool'
  | 'psRoiPool'
  | 'priorBox'
  | 'gridSample';
