// Checks every value of a space by the rule of its field, before the first point is built.

import { InputError } from '../../inputError.js';
import type { Model } from '../../model.js';
import type { DesignSpace } from '../../sweep/space.js';
import { fieldFault } from '../../document/check.js';
import { ruleOf } from '../../document/rules.js';

/**
 * @throws InputError, at its place in the file, for a field that the model has not, and a value
 * that its field may not hold
 */
export function checkAxes({ axes }: DesignSpace, model: Model): void {
  for (const { path, values, place, places } of axes) {
    const field = model.fieldAt(path.split('.'));
    if (field === undefined)
      throw new InputError(
        `${place}: ${model.name} has no field ${JSON.stringify(path.slice(0, 80))}; its fields are ${Object.keys(model.fields).slice(0, 12).join(', ')}`,
      );
    const rule = ruleOf(field);
    const wrong = values.findIndex((value) => !rule.safeParse(value).success);
    if (wrong < 0) continue;
    const advice = field.kind === 'list' ? `: vary its items, as in ${path}.0` : '';
    throw new InputError(`${places[wrong]!}: ${fieldFault(path, field, values[wrong])}${advice}`);
  }
}
