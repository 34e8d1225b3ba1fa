// Is WebAssembly ever called again once it broke? Its memory holds anything then, and a number from it would look like a number.

import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { DeviceFailure, type Engine } from '../../src/engines/engine.js';
import { openEngine } from '../../src/engines/open.js';
import { graphOfMember, MEMBERS } from './members.js';

async function open(): Promise<Engine> {
  const opened = await openEngine('wasm');
  if (!opened.available) throw new Error(opened.problem);
  return opened.engine;
}

it('the run fails with a reason, its engine gives no time ever after, nor does the next one in this process', async () => {
  const engine = await open();
  const executable = await engine.load(graphOfMember(MEMBERS[0]!));
  const { wasm } = tf.backend() as unknown as { readonly wasm: { _malloc(bytes: number): number } };
  wasm._malloc = () => {
    throw Object.assign(new Error('memory access out of bounds'), { name: 'RuntimeError' });
  };
  expect(() => {
    executable.run();
  }).toThrow(/^at node ".+" WebAssembly broke \(memory access out of bounds\), most likely for lack of memory/);
  executable.dispose();
  await expect(engine.done()).rejects.toThrow(DeviceFailure);
  await expect((await open()).done()).rejects.toThrow(/dropped work: memory access out of bounds/);
});
