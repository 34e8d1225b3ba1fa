// Layers of detectors whose result is data: boxes have a shape here and no cost.

import { product, type Dim } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import { constant, type Constant } from '../kit/operand.js';
import { Uncounted } from '../kit/uncounted.js';
import { demandInputs, paramOf, type Call } from './settings.js';

/** The default boxes of a map and their variances. They are known before the network runs. */
export function priorBox(call: Call): Constant {
  const [, , h, w] = call.shape(0);
  if (h === undefined || w === undefined)
    throw new InputError(`it reads ${showShape(call.shape(0))}, which is not a feature map`);
  const param = paramOf(call, 'prior_box_param');
  const [least, most] = [param.numbers('min_size').length, param.numbers('max_size').length];
  if (least === 0) throw new InputError('it has no min_size: give one or more');
  if (most > 0 && most !== least)
    throw new InputError(`it has ${most} max_size and ${least} min_size: give one for each`);
  const boxes = ratiosOf(param.numbers('aspect_ratio'), param.flag('flip', true)) * least + most;
  return constant('float', [1, 2, product([h, w, 4 * boxes])]);
}

/** 1, and each other ratio once; with flip its inverse too, which counts as given. */
function ratiosOf(given: readonly number[], flip: boolean): number {
  const ratios = [1];
  for (const ratio of given) {
    if (ratios.some((known) => Math.abs(known - ratio) < 1e-6)) continue;
    ratios.push(ratio);
    if (flip) ratios.push(1 / ratio);
  }
  return ratios.length;
}

/** As many rows as boxes are found: Caffe declares one. */
export const detectionOutput = (): Constant => constant('float', [1, 1, 1, 7]);

/**
 * [R, 5]. How many regions there are is not in the file: Caffe begins with one for each image, and
 * so it is counted.
 */
export const proposal = (call: Call): readonly Constant[] => {
  demandInputs(call, 1, Infinity);
  const regions: Dim = call.shape(0)[0]!;
  return call.file.outputs.map((_, i) => constant('float', i === 0 ? [regions, 5] : [regions, 1]));
};

/**
 * What is computed in Python is not in the file, but for the proposals of Faster R-CNN and of
 * R-FCN.
 */
export function python(call: Call): readonly Constant[] {
  const param = paramOf(call, 'python_param');
  const [module, layer] = [param.text('module', ''), param.text('layer', '')];
  if (/^Proposal(Target)?Layer$/.test(layer)) return proposal(call);
  throw new Uncounted(`flopscope does not know ${module === '' ? 'its code' : `${module}.${layer}`}, which is Python`);
}

/** The places of the greatest elements: the k greatest of each image, or along a side. */
export function argMax(call: Call): Constant {
  demandInputs(call, 1);
  const param = call.file.layer.message.message('argmax_param');
  const shape = call.shape(0);
  const most = param.number('top_k', 1);
  if (param.has('axis')) {
    const axis = param.number('axis', 1);
    return constant('int', shape.with(axis < 0 ? axis + shape.length : axis, most));
  }
  return constant('int', [shape[0]!, param.flag('out_max_val', false) ? 2 : 1, most]);
}
