// Draws the charts of an experiment's page from the record that is stored in the page.

import { labDocument, type LabPageData } from '../lab/labDocument.js';
import { button, byId } from './dom.js';
import { Figures } from './figures.js';
import { save } from './saving.js';
import { whenFontsAreLoaded } from './fonts.js';
import { themeButton } from './themeButton.js';

/** Above each picture: its section says the rest. */
const HEADING = 'Variants over the first';

const { record, source } = JSON.parse(byId('data').textContent) as LabPageData;

whenFontsAreLoaded(() => {
  const figures = new Figures();
  const { name, sections } = labDocument(record);
  for (const { id, heading, picture } of sections)
    if (picture)
      figures.show(byId(`charts-${id}`), [{ id, title: heading, heading: HEADING, picture, wide: true }], [], source);
  byId('controls').append(
    themeButton(() => {
      figures.redraw();
    }),
    button('Download data (JSON)', () => {
      save(
        new Blob([`${JSON.stringify(record, null, 2)}\n`], { type: 'application/json' }),
        `flopscope-${name.replaceAll(' ', '-')}.json`,
      );
    }),
  );
});
