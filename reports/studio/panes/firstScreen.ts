// The first screen: one sentence, three examples, and how to bring a network of one's own.

import { announceFailure, button, element } from '../../page/dom.js';
import type { Studio } from '../app.js';
import { EXAMPLE } from '../example.js';
import { openFiles, pickFiles } from '../openFiles.js';
import { opened, type Source } from '../state/state.js';
import { modelField } from './modelField.js';

interface Example {
  readonly title: string;
  readonly about: string;
  readonly open: (studio: Studio) => void;
}

const show = (source: Source) => (studio: Studio) => {
  studio.update(opened(studio.state, source));
};

const EXAMPLES: readonly Example[] = [
  {
    title: 'DenseNet-121',
    about: 'Fewer multiply-adds than ResNet-50, and slower. See where the memory access goes.',
    open: show({ kind: 'model', name: 'densenet121' }),
  },
  {
    title: 'A backbone as YAML',
    about: 'One-Shot Aggregation in twelve lines. Change a width, and every number follows.',
    open: show({ kind: 'yaml', name: 'my-backbone.yaml', text: EXAMPLE }),
  },
  {
    title: 'A tour: dense block or OSA',
    about: 'Why one of two blocks with the same multiply-adds moves far more memory, in six steps.',
    open: (studio) => {
      announceFailure(
        import('../tour.js').then(({ startTour }) => {
          startTour(studio);
        }),
      );
    },
  },
];

export interface Asking {
  /** Whether it is asked for although there are tabs. */
  asked(): boolean;
  /** Leaves it for the tabs. */
  back(): void;
}

export function firstScreen(studio: Studio, place: HTMLElement, { asked, back }: Asking): void {
  let drawn = false;
  /** Not known before the first drawing: a page that opens takes no focus. */
  let shown: boolean | undefined;
  const leave = button('Back', back, { title: 'Escape' });
  place.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && studio.tab) back();
  });
  studio.onDraw(() => {
    const isShown = studio.tab === undefined || asked();
    place.hidden = !isShown;
    leave.hidden = studio.tab === undefined;
    const comes = isShown && shown === false;
    shown = isShown;
    if (isShown && !drawn) draw();
    drawn ||= isShown;
    // The keys go on where the page does.
    if (comes) queueMicrotask(() => place.querySelector<HTMLElement>('button')?.focus());
  });
  function draw(): void {
    const formats = element('p', { class: 'hint' });
    announceFailure(
      studio.counter.ask('formats').then((all) => {
        formats.textContent = `Read here: ${all.map(({ title, endings }) => `${title} (${endings.join(', ')})`).join('; ')}.`;
      }),
    );
    place.replaceChildren(
      element('h2', {}, 'Drop a network, or write one, and see what every layer costs while you edit.'),
      element(
        'div',
        { class: 'examples' },
        ...EXAMPLES.map(({ title, about, open }) => {
          const card = button(
            '',
            () => {
              open(studio);
            },
            { class: 'example' },
          );
          card.append(element('strong', {}, title), element('span', {}, about));
          return card;
        }),
      ),
      element(
        'div',
        { class: 'own' },
        button('Open a file', () => {
          announceFailure(pickFiles().then((files) => openFiles(studio, files)));
        }),
        button('Write a config', () => {
          studio.update(opened(studio.state, { kind: 'yaml', name: 'untitled.yaml', text: EXAMPLE }));
        }),
        modelField(studio, 'first-model', '', (name) => {
          studio.update(opened(studio.state, { kind: 'model', name }));
        }),
        leave,
      ),
      element(
        'p',
        { class: 'hint' },
        'Files are read by this page on your machine. Nothing is sent anywhere: the policy of the page allows no connection but to where it came from.',
      ),
      formats,
    );
  }
}
