// The text that explains the two ways to install TensorFlow.

import type { NvidiaReport } from '../../../src/nvidia/gpus.js';

export const explanation = (home: string, { gpus, problem }: NvidiaReport): string => `\
The tensorflow engine runs graphs on TensorFlow itself, through tfjs-node. Two routes lead there:

  flopscope setup tensorflow --from-pip [DIR]
      TensorFlow from pip: a current one, with CUDA 12 for current GPUs. tfjs-node's addon is compiled against it.
      Needs Linux, Python 3 with pip, npm and g++. Without DIR pip fetches tensorflow-cpu (0.3 GB) or, where there is
      an NVIDIA GPU, tensorflow[and-cuda] (some GB). With DIR nothing is fetched but tfjs-node: name the location
      that "pip show tensorflow" prints.

  flopscope setup tensorflow --package
      TensorFlow 2.9, which tfjs-node-gpu downloads when it is installed: for CUDA 11.2 with cuDNN 8.1, so for GPUs
      up to Ampere. Without a GPU it is tfjs-node.

${gpus.length > 0 ? `Here: ${gpus.map(({ name, driver }) => `${name}, driver ${driver}`).join('; ')}.` : `Here: no NVIDIA GPU (${problem ?? 'none'}).`}
It is installed in ${home}, outside of flopscope, and removed by deleting that folder; FLOPSCOPE_HOME names another.
`;
