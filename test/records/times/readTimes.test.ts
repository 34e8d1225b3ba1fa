// Are times of other tools read as they were meant? Units by header, batch and input where given, and errors that name the line.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTimes } from '../../../src/records/times/readTimes.js';
import { InputError } from '../../../src/inputError.js';

const read = (text: string) => readTimes(text, 't.csv').rows;

describe('a file of times', () => {
  it('is milliseconds per inference under "time"', () => {
    expect(read('model,time\nresnet50,12.5\n')).toEqual([
      { model: 'resnet50', milliseconds: 12.5, batch: undefined, input: undefined, params: undefined, line: 2 },
    ]);
  });

  it.each([
    ['seconds', '0.0125'],
    ['us', '12500'],
    ['fps', '80'],
  ])('is read by its header: %s', (header, value) => {
    expect(read(`name,${header}\nx,${value}`)[0]!.milliseconds).toBeCloseTo(12.5, 9);
  });

  it('may be of timm: images per second of a batch at a square size', () => {
    expect(read('model,infer_samples_per_sec,infer_batch_size,infer_img_size\nresnet50,3025.4,1024,288')[0]).toEqual({
      model: 'resnet50',
      milliseconds: (1e3 * 1024) / 3025.4,
      batch: 1024,
      input: [3, 288, 288],
      params: undefined,
      line: 2,
    });
  });

  it('takes images per second of a row without a batch for those of the default batch, and keeps milliseconds', () => {
    const rows = 'model,fps,batch\nx,80,\ny,80,16';
    expect(readTimes(rows, 't.csv', 64).rows.map(({ milliseconds }) => milliseconds)).toEqual([800, 200]);
    expect(readTimes('model,ms\nx,80', 't.csv', 64).rows[0]!.milliseconds).toBe(80);
  });

  it('may say 1024.0 as a batch, leave the times of networks out that failed, and state parameters', () => {
    const text = 'model,infer_samples_per_sec,infer_batch_size,param_count\na,10,1024.0,25.56\nb,,,\nc,20,512,';
    expect(readTimes(text, 't.csv')).toEqual({
      rows: [
        { model: 'a', milliseconds: 102400, batch: 1024, input: undefined, params: 25.56, line: 2 },
        { model: 'c', milliseconds: 25600, batch: 512, input: undefined, params: undefined, line: 4 },
      ],
      failed: 1,
    });
  });

  it('may have comments, a byte-order mark, quotes, other columns and empty lines', () => {
    const rows = read('\ufeff# by hand\nmodel,notes,time,input\n\n"a,b","quick, quiet",3,3x224x288\n');
    expect(rows).toEqual([
      { model: 'a,b', milliseconds: 3, batch: undefined, input: [3, 224, 288], params: undefined, line: 4 },
    ]);
  });

  it.each([
    ['', 't.csv:1: the first line must name the columns'],
    ['resnet50,12', 't.csv:1: the first line must name the columns'],
    ['model,time', 't.csv: has no times'],
    ['model,time\nx,0', 't.csv:2: the time of x is "0", and must be a positive number'],
    ['model,time\nx,fast', 't.csv:2: the time of x is "fast"'],
    ['model,time\nx,1e400', 't.csv:2: the time of x is "1e400"'],
    ['model,time\nx', 't.csv:2: has 1 cell under 2 columns: leave no cell out'],
    ['model,time\nx,', 't.csv: has no times: the time of every row is empty'],
    ['model,time,batch\nx,4,1024.5', 't.csv:2: the batch is "1024.5"'],
    ['model,time\nvgg11,3\nvgg16,12,5', 't.csv:3: has 3 cells under 2 columns: write a decimal point, not a comma'],
    ['model,time\n"vgg16","12,5"', 't.csv:2: the time of vgg16 is "12,5", and must be a positive number'],
    ['model,time,time\nx,1,2', 't.csv:1: has 2 columns of times (time, time): keep one'],
    ['# by hand\nmodel,time,ms\nx,1,2', 't.csv:2: has 2 columns of times (time, ms): keep one'],
    ['model,name,ms\nx,y,2', 't.csv:1: has 2 columns of models (model, name): keep one'],
    ['model,ms,batch,batch_size\nx,1,2,3', 't.csv:1: has 2 columns of batches (batch, batch_size): keep one'],
    ['model,time\n,4', 't.csv:2: names no model'],
    ['model,time,batch\nx,4,2.5', 't.csv:2: the batch is "2.5"'],
    ['model,time,input\nx,4,224x224', 't.csv:2: the input is "224x224"'],
    ['model,time\n"x,4', 't.csv: is not CSV'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(message);
  });

  it('is refused or read, whatever stands in it, and never gives a time that is none', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 6 }), (lines) => {
        try {
          for (const { milliseconds } of read(['model,time', ...lines].join('\n')))
            expect(milliseconds).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 2000, seed: 3 },
    );
  });
});
