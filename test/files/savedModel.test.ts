// A folder that holds a SavedModel is a model; one that does not is refused in one sentence.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { modelNamed } from '../../src/files/modelNamed.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';
import { conv, placeholder, savedModel, variable } from '../importers/tfGraph/graphBytes.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'flopscope-saved-'));

it.each(['', '/'])('a folder is read, named with "%s" at its end', async (end) => {
  const path = folder();
  const nodes = [placeholder('x', [null, 8, 8, 3]), ...variable('filter', 3, 3, 3, 4), conv('conv', 'x', 'filter')];
  const signature = { inputs: { x: 'x:0' }, outputs: { y: 'conv:0' } };
  writeFileSync(join(path, 'saved_model.pb'), savedModel(nodes, [], { serving_default: signature }));
  const model = await modelNamed(path + end);
  expect(model.source).toBe('tensorflow');
  expect(profile(graphOf(model)).totals).toMatchObject({ params: 108, multAdds: 64 * 108 });
});

it('a folder without one says what it lacks', async () => {
  const path = folder();
  await expect(modelNamed(path)).rejects.toThrow(
    `${path}: it is a directory without saved_model.pb: name a file in it, or a SavedModel`,
  );
});
