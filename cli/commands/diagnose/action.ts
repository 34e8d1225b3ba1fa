// flopscope MODEL: where the cost of a network sits, what limits it, and what to change.

import { diagnosisMarkdown, diagnosisText } from '../../../reports/text/diagnosisText.js';
import { runOf } from '../../../src/budgets/sameNetwork.js';
import { InputError } from '../../../src/inputError.js';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import { trainingOf, type TrainingFlags } from '../../flags/trainingOptions.js';
import { trainingAt } from '../../input/training.js';
import { imageSize, modelNamed, profileAt } from '../../input/model.js';
import type { Screen } from '../../screen.js';

export interface DiagnoseOptions extends TrainingFlags {
  readonly allowUnknown: boolean;
  readonly input?: string;
  readonly batch?: number;
  readonly bytesPerElement?: number;
  readonly runs?: string;
  readonly device?: string;
  readonly format: 'table' | 'json' | 'markdown';
}

export async function diagnoseCommand(
  name: string,
  options: DiagnoseOptions,
  commands: readonly string[],
  screen: Screen,
): Promise<void> {
  const { batch, bytesPerElement, runs, format } = options;
  if (runs !== undefined && options.device !== undefined)
    throw new InputError(
      '--runs and --device exclude each other: the run says what was measured, so nothing is predicted',
    );
  const trained = trainingOf(options);
  if (trained && options.device !== undefined)
    throw new InputError('--device predicts inference: leave it out with --training');
  const model = await modelNamed(name, { ...options, others: commands });
  const device =
    options.device === undefined
      ? undefined
      : await (await import('../../input/devices.js')).deviceNamed(options.device);
  const run =
    runs === undefined
      ? undefined
      : runOf(
          profileAt(model, batch, options.input),
          await (await import('../../../src/files/runFiles.js')).readRunFiles([runs]),
          runs,
        );
  const step = trained && trainingAt(model, trained, options);
  const result = diagnose(model, {
    input: imageSize(options.input, model),
    ...(batch === undefined ? {} : { batch }),
    ...(bytesPerElement === undefined ? {} : { bytesPerElement }),
    ...(run === undefined ? {} : { run }),
    ...(device === undefined ? {} : { device }),
    ...(step ? { training: { training: step.result.training, trained: step.subject().training! } } : {}),
  });
  if (format === 'json') screen.out(`${JSON.stringify(result, null, 2)}\n`);
  else screen.out(format === 'markdown' ? diagnosisMarkdown(result) : diagnosisText(result, screen.look));
}
