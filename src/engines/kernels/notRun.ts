// The ops that no engine runs. They are counted; measuring a network with one fails and names it.

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
