// The action of flopscope study memory: counts, prints and draws memory against depth.

import { join } from 'node:path';
import { memoryStudySheet } from '../../../reports/sheets/memoryStudySheet.js';
import { InputError } from '../../../src/inputError.js';
import { studyMemory } from '../../../src/lab/memoryStudy.js';
import { demandCharts } from '../../flags/figureOptions.js';
import { makeFolder } from '../../output/makeFolder.js';
import { print } from '../../output/format.js';
import { writeResults } from '../../output/writeResult.js';
import type { Screen } from '../../screen.js';
import type { StudyOptions } from './options.js';

export async function studyMemoryCommand(options: StudyOptions, screen: Screen): Promise<void> {
  const { batch, charts, format } = options;
  if (options.measure || options.output !== undefined || options.from !== undefined || options.only !== undefined)
    throw new InputError('study memory counts and draws: it takes --batch, --charts and --format alone');
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
  await print(format, study, () => memoryStudySheet(study), screen);
}
