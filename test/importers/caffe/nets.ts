// Networks of our own in Caffe's format, in both syntaxes and with most kinds of layer: what is spoilt and read again.

const conv = (name: string, bottom: string, outputs: number, kernel: number): string => `layer {
  name: "${name}" type: "Convolution"
  bottom: "${bottom}" top: "${name}"
  param { lr_mult: 1 } param { lr_mult: 2 }
  convolution_param { num_output: ${outputs} kernel_size: ${kernel} pad: ${(kernel - 1) / 2} weight_filler { type: "xavier" } }
}
layer { name: "${name}_bn" type: "BatchNorm" bottom: "${name}" top: "${name}" batch_norm_param { use_global_stats: true } }
layer { name: "${name}_scale" type: "Scale" bottom: "${name}" top: "${name}" scale_param { bias_term: true } }
layer { name: "${name}_relu" type: "ReLU" bottom: "${name}" top: "${name}" }
`;

const DETECTOR = `name: "ours" # a detector
layer { name: "in" type: "Input" top: "data" input_param { shape: { dim: 4 dim: 3 dim: 48 dim: 40 } } }
${conv('a', 'data', 8, 3)}layer { name: "pool" type: "Pooling" bottom: "a" top: "pool" pooling_param { pool: MAX kernel_size: 3 stride: 2 } }
${conv('b', 'pool', 8, 1)}layer { name: "sum" type: "Eltwise" bottom: "pool" bottom: "b" top: "sum" eltwise_param { operation: SUM coeff: 1 coeff: -0.5 } }
layer { name: "cut" type: "Slice" bottom: "sum" top: "left" top: "right" slice_param { axis: 1 slice_point: 3 } }
layer { name: "join" type: "Concat" bottom: "right" bottom: "left" top: "join" concat_param { axis: 1 } }
layer { name: "shuffle" type: "ShuffleChannel" bottom: "join" top: "shuffle" shuffle_channel_param { group: 2 } }
layer { name: "up" type: "Deconvolution" bottom: "shuffle" top: "up" convolution_param { num_output: 8 kernel_size: 4 stride: 2 pad: 1 group: 8 bias_term: false } }
layer { name: "crop" type: "Crop" bottom: "up" bottom: "data" top: "crop" crop_param { axis: 2 offset: 0 } }
layer { name: "norm" type: "Normalize" bottom: "join" top: "norm" norm_param { across_spatial: false channel_shared: false } }
layer { name: "loc" type: "Convolution" bottom: "norm" top: "loc" convolution_param { num_output: 16 kernel_h: 3 kernel_w: 3 pad_h: 1 pad_w: 1 } }
layer { name: "perm" type: "Permute" bottom: "loc" top: "perm" permute_param { order: 0 order: 2 order: 3 order: 1 } }
layer { name: "flat" type: "Flatten" bottom: "perm" top: "flat" flatten_param { axis: 1 } }
layer { name: "prior" type: "PriorBox" bottom: "loc" bottom: "data" top: "prior" prior_box_param { min_size: 4.5 max_size: 9 aspect_ratio: 2 flip: true } }
layer { name: "found" type: "DetectionOutput" bottom: "flat" bottom: "flat" bottom: "prior" top: "found" detection_output_param { num_classes: 2 } }
layer { name: "again" type: "Reshape" bottom: "flat" top: "again" reshape_param { shape { dim: 0 dim: -1 dim: 4 } } }
layer { name: "soft" type: "Softmax" bottom: "again" top: "soft" softmax_param { axis: 2 } }
`;

const CLASSIFIER = `input: 'data'
input_dim: 2 input_dim: 1 input_dim: 28 input_dim: 28
layers { name: 'c' type: CONVOLUTION bottom: 'data' top: 'c' blobs_lr: 1 convolution_param < num_output: 6; kernel_size: 5, stride: 1 > }
layers { name: 'l' type: LRN bottom: 'c' top: 'l' lrn_param { local_size: 3 norm_region: WITHIN_CHANNEL } }
layers { name: 'p' type: POOLING bottom: 'l' top: 'p' pooling_param { pool: AVE kernel_size: 2 stride: 3 } }
layers { name: 'f' type: INNER_PRODUCT bottom: 'p' top: 'f' param: 'w' inner_product_param { num_output: 12 } }
layers { name: 'r' type: RELU bottom: 'f' top: 'f' relu_param { negative_slope: 0.1 } }
layers { name: 'd' type: DROPOUT bottom: 'f' top: 'f' dropout_param { dropout_ratio: 0.5 } }
layers { name: 'x' type: POWER bottom: 'f' top: 'x' power_param { power: 2 scale: -1 shift: 1 } }
layers { name: 'loss' type: SOFTMAX_LOSS bottom: 'x' bottom: 'label' include { phase: TRAIN } }
`;

export const CAFFE_NETS: readonly string[] = [DETECTOR, CLASSIFIER];
