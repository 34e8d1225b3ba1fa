// Rows of Keras for signals: Fourier transforms, spectrograms, windows of a list, distances.

import { add, floorDiv, isNumber, mul, sub, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { elements, showShape, type Shape } from '../../shape.js';
import type { Results } from '../kit/call.js';
import { samePadding } from '../kit/samePadding.js';
import { Uncounted } from '../kit/uncounted.js';
import type { KerasRow, LayerCall } from './layerCall.js';
import { MOST } from './merging.js';

/** A transform reads its inputs and writes its outputs. What it computes is not counted. */
function moved(call: LayerCall, inputs: readonly Value[], shape: Shape, part: string): Value {
  const lists = inputs.map((x, i) => call.apply('view', `${part}list${i}`, x, { shape: [elements(x.shape)] }));
  const list = lists.length === 1 ? lists[0]! : call.apply('concat', `${part}lists`, lists, { axis: 0 });
  return call.apply('gather', part, list, { axis: 0, shape: [...shape] });
}

/** Real and imaginary parts of the same sides. */
const bothParts = (call: LayerCall, inputs: readonly Value[], shape: Shape): Results =>
  ['', 'imaginary'].map((part, i) =>
    call.isRead(i) || i === 0 ? call.inOurOrder(moved(call, inputs, shape, part), `${part}result`) : undefined,
  );

/** Inputs in the order of the file. */
const given = (call: LayerCall, count: number): readonly Value[] => {
  const inputs = call.inputs.map((x, i) => call.inFileOrder(x, `input${i}`));
  if (inputs.length === count) return inputs;
  throw new InputError(`it takes ${count === 1 ? 'one input' : `${count} inputs`}, and has ${inputs.length}`);
};

/** One side of the spectrum of a real signal. */
const frequencies = (length: Dim): Dim => add(floorDiv(length, 2), 1);

const ofPairs: KerasRow = (call) => {
  const inputs = given(call, 2);
  return bothParts(call, inputs, inputs[0]!.shape);
};

const ofReal: KerasRow = (call) => {
  const [x] = given(call, 1) as [Value];
  const length = call.wholeNumbers('fft_length')?.[0] ?? x.shape.at(-1)!;
  return bothParts(call, [x], x.shape.with(-1, frequencies(length)));
};

const toReal: KerasRow = (call) => {
  const inputs = given(call, 2);
  const { shape } = inputs[0]!;
  const length = call.wholeNumbers('fft_length')?.[0] ?? mul(2, sub(shape.at(-1)!, 1));
  return call.inOurOrder(moved(call, inputs, shape.with(-1, length), ''), 'result');
};

interface Frames {
  readonly length: number;
  readonly step: number;
  readonly centred: boolean;
}

/** [..., frames, length] of [..., samples], which a centred transform pads by half a frame. */
function framed(call: LayerCall, x: Value, { length, step, centred }: Frames): Value {
  const half = length >> 1;
  const ends = x.shape.map((_, i) => (i === x.shape.length - 1 ? half : 0));
  const padded = centred ? call.apply('padSides', 'padded', x, { before: ends, after: ends, mode: 'reflect' }) : x;
  const samples = padded.shape.at(-1)!;
  if (isNumber(samples) && samples < length)
    throw new InputError(`it has frames of ${length} in ${showShape(x.shape)}`);
  const frames = add(floorDiv(sub(samples, length), step), 1);
  return moved(call, [padded], [...x.shape.slice(0, -1), frames, length], 'frames');
}

const sequences: KerasRow = (call) => {
  const [x] = given(call, 1) as [Value];
  const [length, step] = ['sequence_length', 'sequence_stride'].map((name) => call.wholeNumbers(name)?.[0]);
  if (!length || !step) throw new Uncounted('it does not say how long its sequences are');
  return call.inOurOrder(framed(call, x, { length, step, centred: false }), 'result');
};

const shortTime: KerasRow = (call) => {
  const [x] = given(call, 1) as [Value];
  const [step, length] = ['sequence_stride', 'fft_length'].map((name) => call.wholeNumbers(name)?.[0]);
  if (!length || !step) throw new Uncounted('it does not say how long its frames are');
  const frames = framed(call, x, { length, step, centred: call.option('center') !== false });
  const windowed = call.apply('scaleBy', 'window', frames, { shape: [length], learnt: false });
  return bothParts(call, [windowed], frames.shape.with(-1, frequencies(length)));
};

/** [N, samples] to [N, bins, frames]: magnitudes of a transform, times the weights of the bins. */
export const melSpectrogram: KerasRow = (call) => {
  const { settings } = call;
  const [x] = given(call, 1) as [Value];
  const length = settings.count('fft_length', 2048);
  const frames = framed(call, x, { length, step: settings.count('sequence_stride', 512), centred: true });
  const windowed = call.apply('scaleBy', 'window', frames, { shape: [length], learnt: false });
  const bins = frequencies(length);
  const complex = moved(call, [windowed], [...frames.shape.with(-1, bins), 2], 'transform');
  const sides = complex.shape.length - 1;
  const magnitude = call.apply('reduce', 'magnitude', complex, { axes: [sides], mode: 'norm', keep: false });
  const power = call.apply('power', 'power', magnitude, { exponent: settings.real('mag_exp', 2) });
  const shares = call.apply('constant', 'shares', [], { shape: [bins, settings.count('num_mel_bins', 128)] });
  const mel = call.apply('matmul', 'mel', [power, shares]);
  const scaled = settings.flag('power_to_db', true) ? decibels(call, mel) : mel;
  return call.apply('transpose', '', scaled, {
    order: scaled.shape.map((_, i) => (i === sides - 1 ? i - 1 : i === sides - 2 ? i + 1 : i)),
  });
};

/** At least a fixed distance below the largest. */
function decibels(call: LayerCall, x: Value): Value {
  const logs = call.apply('logarithm', 'logarithm', call.apply('clip', 'floor', x, { least: 0, most: MOST }));
  const scaled = call.apply('scaleBy', 'decibels', logs, { shape: [1], learnt: false });
  const shifted = call.apply('shiftBy', 'reference', scaled, { shape: [1], learnt: false });
  const axes = shifted.shape.map((_, i) => i);
  const top = call.apply('reduce', 'top', shifted, { axes, mode: 'max', keep: true });
  const least = call.apply('shiftBy', 'least', top, { shape: [1], learnt: false });
  return call.apply('maximum', 'range', [shifted, least]);
}

/** Its transform is a convolution with learnt windows, of each channel by itself. */
export const stftSpectrogram: KerasRow = (call) => {
  const { settings } = call;
  const x = call.spatial(1);
  const [n, channels, samples] = x.shape as [Dim, Dim, Dim];
  const length = settings.count('frame_length', 256);
  const step = settings.count('frame_step', Math.max(1, length >> 1));
  const bins = Math.floor(settings.count('fft_length', 2 ** Math.ceil(Math.log2(length))) / 2) + 1;
  const same = settings.choice('padding', ['valid', 'same'], 'valid') === 'same';
  const padding = [...(same ? samePadding(samples, { kernel: length, stride: step }) : [0, 0])];
  const each = call.apply('view', 'channels', x, { shape: [mul(n, channels), 1, samples] });
  const by = (part: string): Value => {
    const given = { kernel: [length], stride: [step], padding, channels: bins, bias: false };
    const made = call.apply('conv1d', part, each, given);
    return call.apply('view', `${part}_bins`, made, { shape: [n, channels, bins, made.shape[2]!] });
  };
  const mode = settings.choice('mode', ['log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft'], 'log');
  return arranged(call, spectrum(call, mode, by), settings.flag('expand_dims', false));
};

/** [N, channels, bins, frames]. */
function spectrum(call: LayerCall, mode: string, by: (part: string) => Value): Value {
  if (mode === 'real' || mode === 'imag') return by(`${mode}_kernel`);
  const parts = [by('real_kernel'), by('imag_kernel')];
  if (mode === 'stft') return call.apply('concat', 'both', parts, { axis: 2 });
  if (mode === 'angle') return call.apply('arcTangent2', 'angle', [...parts].reverse());
  const squares = parts.map((part, i) => call.apply('square', `square${i}`, part));
  const power = call.apply('add', 'power', squares);
  if (mode === 'psd') return oneSided(call, power);
  const magnitude = call.apply('squareRoot', 'magnitude', atLeast(call, power, 'power_floor'));
  return mode === 'magnitude' ? magnitude : call.apply('logarithm', 'log', atLeast(call, magnitude, 'floor'));
}

const atLeast = (call: LayerCall, x: Value, part: string): Value =>
  call.apply('clip', part, x, { least: 0, most: MOST });

/** What the other side of the spectrum has is added to all bins but the first and the last. */
function oneSided(call: LayerCall, power: Value): Value {
  const size = power.shape.with(2, sub(power.shape[2]!, 2));
  const inner = call.apply('slice', 'inner', power, { begin: [0, 0, 1, 0], size: [...size], step: [1, 1, 1, 1] });
  const ends = { before: [0, 0, 1, 0], after: [0, 0, 1, 0] };
  return call.apply('add', 'density', [power, call.apply('padSides', 'padded', inner, ends)]);
}

/** As an image of frames and bins, or as a list of the bins of all channels. */
function arranged(call: LayerCall, x: Value, isImage: boolean): Value {
  if (isImage) return call.apply('transpose', '', x, { order: [0, 1, 3, 2] });
  const [n, channels, bins, frames] = x.shape as [Dim, Dim, Dim, Dim];
  return call.marked(call.apply('view', '', x, { shape: [n, mul(channels, bins), frames] }));
}

/** Distances of all pairs of rows: differences, their squares and the roots of the sums. */
const distances: KerasRow = (call) => {
  const [a, b] = given(call, 2) as [Value, Value];
  const spread = (x: Value, at: number, part: string): Value =>
    call.apply('view', part, x, { shape: x.shape.toSpliced(at, 0, 1) });
  const pairs = [spread(a, a.shape.length - 1, 'rows'), spread(b, b.shape.length - 2, 'columns')];
  const apart = call.apply('subtract', 'differences', pairs);
  const made = call.apply('reduce', '', apart, { axes: [apart.shape.length - 1], mode: 'norm', keep: false });
  return call.inOurOrder(made, 'result');
};

export const SPECTRA: Readonly<Record<string, KerasRow>> = {
  MelSpectrogram: melSpectrogram,
  STFTSpectrogram: stftSpectrogram,
  ...{ FFT: ofPairs, FFT2: ofPairs, IFFT2: ofPairs },
  RFFT: ofReal,
  IRFFT: toReal,
  STFT: shortTime,
  ExtractSequences: sequences,
  CDist: distances,
};
