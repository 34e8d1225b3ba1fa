// The sections of Darknet that are read. One that is missing from this table is an error.

import type { OpRow } from '../kit/call.js';
import { activated } from './activations.js';
import type { DarknetCall } from './calls.js';
import * as layers from './convolutions.js';
import * as joins from './joins.js';
import * as others from './others.js';
import * as recurrent from './recurrent.js';

type DarknetRow = OpRow<DarknetCall>;

/** Sections that do nothing at inference, and sections that only score a network. */
const same: DarknetRow = (call) => call.data(0);

export const ROWS: Readonly<Record<string, DarknetRow>> = {
  convolutional: layers.convolutional,
  deconvolutional: layers.deconvolutional,
  local: layers.local,
  connected: layers.connected,

  rnn: recurrent.rnn,
  gru: recurrent.gru,
  lstm: recurrent.lstm,
  crnn: recurrent.crnn,
  conv_lstm: recurrent.convLstm,
  history: recurrent.history,

  route: joins.route,
  shortcut: joins.shortcut,
  scale_channels: joins.scaleChannels,
  sam: joins.sam,
  implicit: joins.implicit,
  implicit_add: joins.implicit,
  implicit_mul: joins.implicit,
  shift_channels: joins.withImplicit('add'),
  control_channels: joins.withImplicit('multiply'),

  maxpool: others.maxpool,
  avgpool: others.avgpool,
  local_avgpool: others.localAvgpool,
  upsample: others.upsample,
  reorg: others.reorg,
  reorg3d: others.reorg,
  crop: others.crop,

  batchnorm: (call) => call.apply('batchNorm', layers.imageIn(call)),
  l2norm: others.l2norm,
  lrn: others.lrn,
  activation: (call) => activated(call, call.data(0), 'linear', true),
  logistic: (call) => call.apply('sigmoid', call.data(0)),
  softmax: others.softmax,

  yolo: others.boxes(4),
  region: others.boxes(4),
  Gaussian_yolo: others.boxes(8),
  detection: same,
  iseg: same,
  contrastive: same,
  cost: same,
  dropout: (call) => call.dropped(0),
  empty: same,
};

/** Sections that end a network: their inputs are its outputs, even where others read them. */
export const ENDS: ReadonlySet<string> = new Set(['yolo', 'region', 'Gaussian_yolo', 'detection', 'iseg']);
