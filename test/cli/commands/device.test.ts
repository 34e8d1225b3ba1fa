// Are device records listed, guessed and calibrated, and is a record written whole or not at all?

import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capture } from '../capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-device-'));
const TIMM = 'fixtures/times/timm-rtx3090-amp.csv';
const path = (name: string): string => join(folder, name);

describe('flopscope device', () => {
  it('lists the built-in records with source and error, and others beside them', async () => {
    const { out, code } = await capture(['device', 'list']);
    expect(code).toBe(0);
    for (const name of ['rtx-3090', 'rtx-4090-compiled', 'rtx-pro-6000-max-q', 'i9-10940x'])
      expect(out).toContain(name);
    expect(out).toContain('benchmark-infer-amp-nchw-pt240-cu124-rtx3090.csv');
    const json = JSON.parse((await capture(['device', 'list', '--format', 'json'])).out) as { devices: unknown[] };
    expect(json.devices).toHaveLength(7);
  });

  it('calibrates from a CSV of times, by the mode and precision of its name, and predicts with the record', async () => {
    const { code, err } = await capture([
      'device',
      'calibrate',
      '-o',
      path('3090.json'),
      '--times',
      TIMM,
      '--title',
      'RTX 3090',
    ]);
    expect(code).toBe(0);
    expect(err).toContain('written; use it with flopscope predict --device');
    const record = JSON.parse(readFileSync(path('3090.json'), 'utf8')) as Record<string, unknown>;
    expect(record).toMatchObject({
      schema: 'flopscope.device/1',
      name: '3090',
      mode: 'eager',
      precision: 'amp',
      bytesPerElement: 2,
    });
    const { out } = await capture(['predict', 'resnet50', '--device', path('3090.json'), '--batch', '1024']);
    expect(out).toContain('fitted to a calibration');
  });

  it('guesses a card from its datasheet, labelled', async () => {
    const args = [
      'device',
      'guess',
      'rtx-5090',
      '--peak-tflops',
      '210',
      '--bandwidth',
      '1792',
      '-o',
      path('5090.json'),
    ];
    const { code, out } = await capture(args);
    expect(code).toBe(0);
    expect(out).toContain('a guess, 210 TFLOP/s and 1792 GB/s');
    const predicted = await capture(['predict', 'resnet50', '--device', path('5090.json'), '--batch', '512']);
    expect(predicted.out).toContain('nobody has measured it');
  });

  it('refuses a time limit of no minutes before anything is measured, and leaves no file', async () => {
    const { code, err } = await capture([
      'device',
      'calibrate',
      '-o',
      path('none.json'),
      '--engine',
      'cpu',
      '--minutes',
      '0',
    ]);
    expect([code, existsSync(path('none.json'))]).toEqual([2, false]);
    expect(err).toContain('--minutes');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it.each([
    [['calibrate', '-o', '/proc/x.json', '--times', TIMM], 'cannot be written'],
    [['calibrate', '-o', path('x.json'), '--times', TIMM, '--engine', 'cpu'], '--engine has no effect on times'],
    [['calibrate', '-o', path('x.json'), '--title', 'x'], '--title has no effect without --times'],
    [['calibrate', '-o', path('x.json'), '--times', 'none.csv'], 'none.csv: cannot be read'],
    [['guess', 'a b', '--peak-tflops', '1', '--bandwidth', '1', '-o', path('x.json')], 'name is wrong'],
    [['list', path('none2.json')], 'cannot be read'],
  ])('device %j ends with exit code 2 and writes nothing: %s', async (args, message) => {
    const { code, err } = await capture(['device', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(existsSync(path('x.json'))).toBe(false);
  });

  it('refuses four networks', async () => {
    const few = path('few.csv');
    writeFileSync(few, 'model,time\nresnet18,1\nresnet50,2\nvgg11,3\ndensenet121,4\n');
    const { code, err } = await capture(['device', 'calibrate', '-o', path('x.json'), '--times', few]);
    expect(code).toBe(2);
    expect(err).toContain('4 networks are too few for a device record');
  });
});
