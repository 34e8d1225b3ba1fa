// The fields that messages of a prototxt may hold, as caffe.proto of BVLC and its forks has them.

/**
 * `*` marks a repeated field; a capital letter another message of this table; a list the names of
 * an enum, from its first number.
 */
export type FieldType = Scalar | `${Scalar}*` | MessageName | `${MessageName}*` | Enum;
type Scalar = 'int' | 'uint' | 'float' | 'bool' | 'text';

export interface Enum {
  readonly first: number;
  readonly names: readonly string[];
}

export interface MessageType {
  readonly fields: Readonly<Record<string, FieldType>>;
  /**
   * A field that is missing here may change a shape, so it is refused. Elsewhere forks add what
   * they like.
   */
  readonly strict: boolean;
}

export type MessageName =
  | 'Net'
  | 'Layer'
  | 'V1Layer'
  | 'Shape'
  | 'Rule'
  | 'Param'
  | 'Transform'
  | 'Any'
  | 'ArgMax'
  | 'Axes'
  | 'Base'
  | 'BatchNorm'
  | 'Bias'
  | 'Clip'
  | 'Convolution'
  | 'Crop'
  | 'Data'
  | 'Detection'
  | 'DummyData'
  | 'Eltwise'
  | 'Flatten'
  | 'InnerProduct'
  | 'Input'
  | 'Interp'
  | 'Lrn'
  | 'Mvn'
  | 'Norm'
  | 'Parameter'
  | 'Permute'
  | 'Pooling'
  | 'Power'
  | 'Prelu'
  | 'PriorBox'
  | 'Python'
  | 'Reduction'
  | 'Relu'
  | 'Reorg'
  | 'Reshape'
  | 'Roi'
  | 'Scale'
  | 'Shuffle'
  | 'Slice'
  | 'Softmax'
  | 'Spp'
  | 'Tile'
  | 'Upsample';

const enumOf = (...names: readonly string[]): Enum => ({ first: 0, names });

const PHASE = enumOf('TRAIN', 'TEST');
const POOL = enumOf('MAX', 'AVE', 'STOCHASTIC');

/** Fields that say how a layer is initialised, learnt or run, but not what it computes. */
const ASIDE: MessageType['fields'] = {
  ...{ weight_filler: 'Any', bias_filler: 'Any', filler: 'Any' },
  ...{ engine: enumOf('DEFAULT', 'CAFFE', 'CUDNN'), force_nd_im2col: 'bool', cudnn_flag: 'uint' },
};

const exact = (fields: MessageType['fields']): MessageType => ({ strict: true, fields: { ...fields, ...ASIDE } });
const open = (fields: MessageType['fields']): MessageType => ({ strict: false, fields });

const SHARED = {
  name: 'text',
  bottom: 'text*',
  top: 'text*',
  include: 'Rule*',
  exclude: 'Rule*',
  transform_param: 'Transform',
  concat_param: 'Axes',
  convolution_param: 'Convolution',
  data_param: 'Data',
  dummy_data_param: 'DummyData',
  eltwise_param: 'Eltwise',
  image_data_param: 'Data',
  inner_product_param: 'InnerProduct',
  lrn_param: 'Lrn',
  memory_data_param: 'Data',
  mvn_param: 'Mvn',
  pooling_param: 'Pooling',
  power_param: 'Power',
  relu_param: 'Relu',
  slice_param: 'Slice',
  softmax_param: 'Softmax',
  window_data_param: 'Data',
  argmax_param: 'ArgMax',
  exp_param: 'Base',
} as const;

export const MESSAGES: Readonly<Record<MessageName, MessageType>> = {
  Net: open({
    name: 'text',
    input: 'text*',
    input_dim: 'int*',
    input_shape: 'Shape*',
    layer: 'Layer*',
    layers: 'V1Layer*',
  }),
  Layer: open({
    ...SHARED,
    type: 'text',
    phase: PHASE,
    param: 'Param*',
    batch_norm_param: 'BatchNorm',
    bias_param: 'Bias',
    bn_param: 'Any',
    clip_param: 'Clip',
    crop_param: 'Crop',
    detection_output_param: 'Detection',
    flatten_param: 'Flatten',
    input_param: 'Input',
    interp_param: 'Interp',
    norm_param: 'Norm',
    parameter_param: 'Parameter',
    log_param: 'Base',
    hdf5_data_param: 'Data',
    permute_param: 'Permute',
    prelu_param: 'Prelu',
    prior_box_param: 'PriorBox',
    psroi_pooling_param: 'Roi',
    python_param: 'Python',
    reduction_param: 'Reduction',
    reorg_param: 'Reorg',
    reshape_param: 'Reshape',
    roi_align_param: 'Roi',
    roi_pooling_param: 'Roi',
    scale_param: 'Scale',
    shuffle_channel_param: 'Shuffle',
    spp_param: 'Spp',
    tile_param: 'Tile',
    upsample_param: 'Upsample',
  }),
  V1Layer: open({ ...SHARED, type: 'text', param: 'text*', layer: 'Any' }),
  Shape: exact({ dim: 'int*' }),
  Rule: exact({ phase: PHASE, min_level: 'int', max_level: 'int', stage: 'text*', not_stage: 'text*' }),
  Param: open({ name: 'text' }),
  Transform: open({ crop_size: 'uint', force_color: 'bool', force_gray: 'bool', resize_param: 'Data' }),
  Any: open({}),
  ArgMax: exact({ out_max_val: 'bool', top_k: 'uint', axis: 'int' }),
  Axes: exact({ axis: 'int', concat_dim: 'uint' }),
  Base: exact({ base: 'float', scale: 'float', shift: 'float' }),
  BatchNorm: open({ use_global_stats: 'bool' }),
  Bias: exact({ axis: 'int', num_axes: 'int' }),
  Clip: exact({ min: 'float', max: 'float' }),
  Convolution: exact({
    ...{ num_output: 'uint', bias_term: 'bool', group: 'uint', axis: 'int' },
    ...{ kernel_size: 'uint*', stride: 'uint*', pad: 'uint*', dilation: 'uint*' },
    ...{ kernel_h: 'uint', kernel_w: 'uint', stride_h: 'uint', stride_w: 'uint', pad_h: 'uint', pad_w: 'uint' },
    // DeepLab's fork had dilation before Caffe did.
    ...{ hole: 'uint', hole_h: 'uint', hole_w: 'uint' },
  }),
  Crop: exact({ axis: 'int', offset: 'uint*' }),
  Data: open({
    ...{ batch_size: 'uint', crop_size: 'uint', channels: 'uint', height: 'uint', width: 'uint' },
    ...{ new_height: 'uint', new_width: 'uint', is_color: 'bool' },
  }),
  Detection: open({}),
  DummyData: open({ shape: 'Shape*', num: 'uint*', channels: 'uint*', height: 'uint*', width: 'uint*' }),
  Eltwise: exact({ operation: enumOf('PROD', 'SUM', 'MAX'), coeff: 'float*', stable_prod_grad: 'bool' }),
  Flatten: exact({ axis: 'int', end_axis: 'int' }),
  InnerProduct: exact({ num_output: 'uint', bias_term: 'bool', axis: 'int', transpose: 'bool' }),
  Input: exact({ shape: 'Shape*' }),
  Interp: exact({
    // Of the second input, where there is one: soeaver's fork says it in so many words.
    use_blob_size: 'bool',
    ...{ height: 'int', width: 'int', zoom_factor: 'int', shrink_factor: 'int', pad_beg: 'int', pad_end: 'int' },
  }),
  Lrn: exact({
    ...{ local_size: 'uint', alpha: 'float', beta: 'float', k: 'float' },
    norm_region: enumOf('ACROSS_CHANNELS', 'WITHIN_CHANNEL'),
  }),
  Mvn: exact({ normalize_variance: 'bool', across_channels: 'bool', eps: 'float' }),
  Norm: exact({ across_spatial: 'bool', channel_shared: 'bool', scale_filler: 'Any', eps: 'float' }),
  Parameter: exact({ shape: 'Shape' }),
  Permute: exact({ order: 'uint*' }),
  Pooling: exact({
    ...{ pool: POOL, global_pooling: 'bool', kernel_size: 'uint', kernel_h: 'uint', kernel_w: 'uint' },
    ...{ stride: 'uint', stride_h: 'uint', stride_w: 'uint', pad: 'uint', pad_h: 'uint', pad_w: 'uint' },
    ...{ ceil_mode: 'bool', round_mode: enumOf('CEIL', 'FLOOR') },
  }),
  Power: exact({ power: 'float', scale: 'float', shift: 'float' }),
  Prelu: exact({ channel_shared: 'bool' }),
  PriorBox: open({
    ...{ min_size: 'float*', max_size: 'float*', aspect_ratio: 'float*', flip: 'bool' },
  }),
  Python: open({ module: 'text', layer: 'text', param_str: 'text' }),
  Reduction: exact({ operation: { first: 1, names: ['SUM', 'ASUM', 'SUMSQ', 'MEAN'] }, axis: 'int', coeff: 'float' }),
  Relu: open({ negative_slope: 'float' }),
  Reorg: exact({ stride: 'uint', reverse: 'bool' }),
  Reshape: exact({ shape: 'Shape', axis: 'int', num_axes: 'int' }),
  Roi: exact({
    ...{ pooled_h: 'uint', pooled_w: 'uint', spatial_scale: 'float' },
    ...{ output_dim: 'int', group_size: 'int', sampling_ratio: 'int' },
  }),
  Scale: exact({ axis: 'int', num_axes: 'int', bias_term: 'bool' }),
  Shuffle: exact({ group: 'uint' }),
  Slice: exact({ axis: 'int', slice_dim: 'uint', slice_point: 'uint*' }),
  Softmax: open({ axis: 'int' }),
  Spp: exact({ pyramid_height: 'uint', pool: POOL }),
  Tile: exact({ axis: 'int', tiles: 'int' }),
  Upsample: exact({ scale: 'uint', ...{ scale_h: 'uint', scale_w: 'uint', upsample_h: 'uint', upsample_w: 'uint' } }),
};
