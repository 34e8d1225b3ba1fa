// What may a budgets file say, for editors? The JSON Schema of the rules that check it.

import * as z from 'zod';
import { budgetsRule } from './budgetsRules.js';

/** JSON Schema, draft 2020-12. How a limit is written is left to the reader. */
export const budgetsSchema = (): object => ({
  ...z.toJSONSchema(budgetsRule, { io: 'input' }),
  title: 'flopscope budgets',
  description: 'What networks may cost: flopscope check fails when one costs more',
});
