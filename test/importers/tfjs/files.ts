// Which files of TensorFlow.js are at hand? Each written by the library itself.

export const FILES = ['mixed', 'sequential', 'graph'].map((name) => `fixtures/tfjs/${name}.json`);
