// The action of flopscope study memory: counts, prints and draws memory against depth.

import { join } from 'node:path';
import { memoryStudySheet } from '../../../reports/sheets/memoryStudySheet.js';
import { InputError } from '../../../src/inputError.js';
import { studyMemory } from '../../../src/lab/memoryStudy.js';
import { demandCharts } from '../../flags/figureOptions.js';
import { makeFolder } from '../../output/makeFolder.js';
import { print } from '../../output/format.js';
import { checkWritable, writeResult, writeResults } from '../../output/writeResult.js';
import type { Screen } from '../../screen.js';
import type { StudyOptions } from './options.js';

export async function studyMemoryCommand(options: StudyOptions, screen: Screen): Promise<void> {
  const { batch, charts, format, output } = options;
  if (options.measure || options.from !== undefined || options.only !== undefined)
    throw new InputError('study memory counts and draws: it takes --batch, --charts, --format and -o alone');
  if (output !== undefined && !/\.json$/i.test(output))
    throw new InputError(`-o ${output}: study memory writes its figures alone, as .json; --charts draws them`);
  if (output !== undefined) await checkWritable(output);
  demandCharts(options);
  if (charts !== undefined) await makeFolder(charts, `--charts ${charts}`);
  const study = studyMemory(batch);
  if (charts !== undefined) {
    const [{ openFigures }, { keptAgainstDepth }] = await Promise.all([
      import('../../charts/figures.js'),
      import('../../../reports/charts/keptAgainstDepth.js'),
    ]);
    const figures = await openFigures(options);
    const words = {
      title: 'Memory kept for backward against depth',
      source: 'Counted by the rules of PyTorch 2.13; nothing was measured.',
    };
    const path = join(charts, 'kept-against-depth');
    await writeResults(await figures.files(path, keptAgainstDepth(study), words));
    screen.err(`wrote ${path}.png, .svg and .pdf\n`);
  }
  if (output !== undefined) {
    await writeResult(output, `${JSON.stringify(study, null, 2)}\n`);
    screen.err(`wrote ${output}\n`);
  }
  await print(format, study, () => memoryStudySheet(study), screen);
}
