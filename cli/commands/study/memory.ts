// The action of flopscope study memory: counts, prints and draws memory against depth.

import { join } from 'node:path';
import { memoryStudySheet } from '../../../reports/sheets/memoryStudySheet.js';
import { InputError } from '../../../src/inputError.js';
import { studyMemory } from '../../../src/lab/memoryStudy.js';
import { makeFolder } from '../../output/makeFolder.js';
import { print } from '../../output/format.js';
import { writeResults } from '../../output/writeResult.js';
import type { Screen } from '../../screen.js';
import type { StudyOptions } from './options.js';

export async function studyMemoryCommand(options: StudyOptions, screen: Screen): Promise<void> {
  const { batch, charts, format } = options;
  if (options.measure || options.output !== undefined || options.from !== undefined || options.only !== undefined)
    throw new InputError('study memory counts and draws: it takes --batch, --charts and --format alone');
  if (charts !== undefined) await makeFolder(charts, `--charts ${charts}`);
  const study = studyMemory(batch);
  if (charts !== undefined) {
    const [{ openRenderer }, { keptAgainstDepth }, { pictureFile }, { LIGHT }] = await Promise.all([
      import('../../charts/openRenderer.js'),
      import('../../../reports/charts/keptAgainstDepth.js'),
      import('../../../reports/charts/pictureFile.js'),
      import('../../../reports/charts/theme.js'),
    ]);
    const renderer = await openRenderer();
    const source = 'Counted by the rules of PyTorch 2.13; nothing was measured.';
    const file = pictureFile('Memory kept for backward against depth', keptAgainstDepth(study), source, LIGHT);
    const path = join(charts, 'kept-against-depth');
    await writeResults([
      [`${path}.png`, await renderer.png(file)],
      [`${path}.svg`, await renderer.svg(file)],
    ]);
    screen.err(`wrote ${path}.png and ${path}.svg\n`);
  }
  await print(format, study, () => memoryStudySheet(study), screen);
}
