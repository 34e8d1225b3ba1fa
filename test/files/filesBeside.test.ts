// Which files may a model name? Those in its folder and below it, whatever a hostile file says.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesBeside } from '../../src/files/openFile.js';

const root = mkdtempSync(join(tmpdir(), 'flopscope-beside-'));
const folder = join(root, 'model');
mkdirSync(join(folder, 'below'), { recursive: true });
for (const file of ['secret', 'model/weights.data', 'model/below/shard.bin', 'model/..name'])
  writeFileSync(join(root, file), file);
const beside = filesBeside(folder);

afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('files beside a model', () => {
  it.each(['weights.data', './weights.data', 'below/shard.bin', 'below/../weights.data', '..name'])(
    '%s is read',
    (path) => {
      const source = beside(path)!;
      expect(new TextDecoder().decode(source.read(0, source.size))).toContain('model/');
    },
  );

  it.each(['../secret', 'below/../../secret', '..', '.', 'missing', join(root, 'secret'), '/etc/passwd'])(
    '%s is not there',
    (path) => {
      expect(beside(path)).toBeUndefined();
    },
  );
});
