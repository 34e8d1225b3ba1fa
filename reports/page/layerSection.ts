// The section of one network's layers: a choice of network, and a table.

import type { Answer } from '../report/answer.js';
import type { Scene } from '../charts/scene.js';
import { visible } from '../../src/visible.js';
import { choice, element } from './dom.js';
import { layerClockNote } from '../text/layerClock.js';
import { dataTable } from './table/dataTable.js';
import { bytesOf, layerColumns, layerEntries } from './table/layerColumns.js';

/** @param shown place of the network whose layers are shown; `show` is called with another */
export function layerSection(
  scene: Scene,
  shown: number,
  answer: Answer | undefined,
  show: (place: number) => void,
): readonly (HTMLElement | string)[] {
  const subject = scene.subjects[shown]!;
  const labels = scene.subjects.map(({ label }) => visible(label));
  const picker = labels.length === 1 ? '' : choice('Layers of', labels, show, shown);
  if (!subject.network.layers)
    return [picker, note('The layers of this network are not known: only a run file tells of it.')];
  const rows = layerEntries(subject, scene, answer);
  const timed = rows.some(({ milliseconds }) => milliseconds !== null);
  const table = dataTable({
    title: `Layers of ${visible(subject.label)}`,
    columns: layerColumns(timed, bytesOf(subject, scene), subject.network.training !== undefined, answer),
    ...(answer ? { sortedBy: 'share' } : {}),
    rows,
    groupings: [
      { title: 'stage', of: ({ stage }) => stage },
      { title: 'block', of: ({ block }) => block },
      { title: 'op', of: ({ op }) => op },
    ],
    words: ({ name, stage, block, kind }) => [name, stage, block, kind],
  });
  if (!subject.run) return [picker, table];
  if (timed) {
    const clock = layerClockNote(subject.run);
    return [picker, table, ...(clock === null ? [] : [note(clock)])];
  }
  return [picker, table, note(`No layer times: ${visible(subject.run.noLayers ?? 'this run has none')}.`)];
}

const note = (text: string): HTMLElement => element('p', { class: 'note' }, text);
