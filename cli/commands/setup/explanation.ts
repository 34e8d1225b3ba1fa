// The text that explains the two ways to install TensorFlow.

import type { NvidiaReport } from '../../../src/nvidia/gpus.js';

export const explanation = (home: string, { gpus, problem }: NvidiaReport): string => `\
The tensorflow engine runs graphs on TensorFlow itself, through tfjs-node. There
are two ways to install it:

  flopscope setup tensorflow --from-pip [DIR]
      TensorFlow from pip: a current version, with CUDA 12 for current GPUs.
      The addon of tfjs-node is compiled against it. This needs Linux, Python 3
      with pip, npm and g++. Without DIR, pip fetches tensorflow-cpu (0.3 GB)
      or, on a machine with an NVIDIA GPU, tensorflow[and-cuda] (some GB). With
      DIR only tfjs-node is fetched: DIR is the location that
      "pip show tensorflow" prints.

  flopscope setup tensorflow --package
      TensorFlow 2.9, which tfjs-node-gpu downloads when it is installed: for
      CUDA 11.2 with cuDNN 8.1, and so for GPUs up to Ampere. Without a GPU it
      is tfjs-node.

${gpus.length > 0 ? `Here: ${gpus.map(({ name, driver }) => `${name}, driver ${driver}`).join('; ')}.` : `Here: no NVIDIA GPU (${problem ?? 'none'}).`}
It is installed in ${home}, outside of flopscope.
Deleting that folder removes it; FLOPSCOPE_HOME names another folder.
`;
