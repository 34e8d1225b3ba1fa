// Does a built-in model that is written as a config read back as itself?

import { describe, expect, it } from 'vitest';
import { builtIn, builtInNames, memberOf } from '../../src/builtIn.js';
import { writeFamily } from '../../src/exporters/config/writeFamily.js';
import { readConfig } from '../../src/importers/config/readConfig.js';
import { graphOf } from '../../src/model.js';

describe('a member of a family as a config', () => {
  it.each(builtInNames())('%s is the same network', (name) => {
    const { family, given } = memberOf(name)!;
    const model = readConfig(writeFamily(family, given, name), `${name}.yaml`);
    expect(graphOf(model)).toEqual(graphOf(builtIn(name)));
  });

  it('names every field that has an effect, and says what it means', () => {
    const { family, given } = memberOf('densenet121')!;
    const text = writeFamily(family, given, 'densenet121');
    expect(text).toContain('growth: 32');
    expect(text).toContain('# channels that each layer adds');
    expect(text.split('\n').filter((line) => line.includes(' # ')).length).toBe(6);
  });
});
