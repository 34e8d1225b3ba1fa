// The JSON Schema of budgets files, for editors. It is made from the rules that check them.

import * as z from 'zod';
import { budgetsRule } from './budgetsRules.js';

/** JSON Schema, draft 2020-12. How a limit is written is left to the reader. */
export const budgetsSchema = (): object => ({
  ...z.toJSONSchema(budgetsRule, { io: 'input' }),
  title: 'flopscope budgets',
  description: 'What networks may cost: flopscope check fails when one costs more',
});
