// The engine onnxruntime does what every engine must, with its WebGPU provider.

import { MEMBERS } from './members.js';
import { engineSuite } from './suite.js';

/** On a software driver each new kernel is compiled for a second: networks that differ in their ops. */
const FEW = ['mobilenet_v2', 'shufflenet_v2_x0_5', 'densenet_bc100_k12', 'osa_cifar_12x20', 'vovnet27_slim'];

await engineSuite(
  'onnxruntime',
  { provider: 'webgpu' },
  MEMBERS.filter(({ variant }) => FEW.includes(variant)),
);
