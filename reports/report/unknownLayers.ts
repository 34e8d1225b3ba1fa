// Says why the layers of a measured network are unknown: its run's name fits no network here.

import type { Run } from '../../src/measure/run.js';
import type { Profile, RecordedTotals, Source } from '../../src/profile.js';
import { grouped } from '../text/number.js';
import { abbreviate } from '../../src/visible.js';

/** @param namesake a counted network of the same name and input, and of other counts */
export const unknownLayersSentence = (label: string, run: Run, namesake: Profile | undefined): string =>
  namesake ? differenceOf(label, run, namesake) : unknownLayers(label, run);

/** The sentence for a run that has the name of a different network. */
function differenceOf(label: string, { model, totals }: Run, namesake: Profile): string {
  const counts = ({ multAdds, params }: RecordedTotals): readonly [string, string] => [
    grouped(multAdds),
    grouped(params),
  ];
  const [[work, params], [otherWork, otherParams]] = [counts(totals), counts(namesake.totals)];
  const name = abbreviate(model);
  const other = namesake.source === 'built-in' ? `the built-in ${name}` : `the ${name} that is counted here`;
  return `The measured ${name} is not ${other}: it has ${work} multiply-adds and ${params} parameters, not ${otherWork} and ${otherParams} (an edited config, or another version of flopscope). It is shown with the totals of its run, as ${abbreviate(label)}; its layers are not known.`;
}

const ORIGINS: Readonly<Record<Exclude<Source, 'built-in'>, string>> = {
  config: 'from a config',
  onnx: 'from an ONNX file',
  tfjs: 'from JSON of TensorFlow.js or Keras',
  keras: 'from a Keras archive',
  'keras-h5': 'from an HDF5 file of Keras',
  tensorflow: 'from a graph of TensorFlow',
  pt2: 'from a PyTorch export',
  tflite: 'from a TFLite file',
  darknet: 'from a Darknet .cfg',
  caffe: 'from a Caffe prototxt',
};

function unknownLayers(label: string, { source, flopscope }: Run): string {
  const name = abbreviate(label);
  if (source === 'built-in')
    return `${name} was built into flopscope ${abbreviate(flopscope, 24)}, which measured it, and is not into this one: its totals are known, its layers are not.`;
  return `${name} was measured ${ORIGINS[source]} and stands in a run file only: its totals are known, its layers are not. Name its file as a MODEL to count them.`;
}
