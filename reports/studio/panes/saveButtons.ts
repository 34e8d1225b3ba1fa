// Two buttons that save a picture: as SVG, and as PNG.

import { announceFailure, button, element } from '../../page/dom.js';
import { PICTURE_FORMATS, savePicture } from '../pictures/svg.js';

/** @param picture draws it on a light surface; undefined where there is none */
export const saveButtons = (name: string, picture: () => SVGSVGElement | undefined): HTMLElement =>
  element(
    'span',
    { class: 'saves' },
    ...PICTURE_FORMATS.map((format) =>
      button(
        format,
        () => {
          const drawn = picture();
          if (drawn) announceFailure(savePicture(drawn, name, format));
        },
        { class: 'quiet', 'aria-label': `Save the ${name} as ${format}`, title: `Save as ${format}` },
      ),
    ),
  );
