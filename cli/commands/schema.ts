// flopscope schema: what may a config file say? A JSON Schema that editors complete and check with.

import type { Screen } from '../screen.js';

export async function schema(screen: Screen): Promise<void> {
  const { configSchema } = await import('../../src/formats/config/configSchema.js');
  screen.out(`${JSON.stringify(configSchema(), null, 2)}\n`);
}
