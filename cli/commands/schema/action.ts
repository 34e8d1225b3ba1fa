// flopscope schema: prints the JSON Schema of a config or of a budgets file, for editors.

import type { Screen } from '../../screen.js';

const SCHEMAS: Readonly<Record<'config' | 'budgets', () => Promise<object>>> = {
  config: async () => (await import('../../../src/importers/config/configSchema.js')).configSchema(),
  budgets: async () => (await import('../../../src/records/budgets/budgetsSchema.js')).budgetsSchema(),
};

export async function schema(of: 'config' | 'budgets', screen: Screen): Promise<void> {
  screen.out(`${JSON.stringify(await SCHEMAS[of](), null, 2)}\n`);
}
