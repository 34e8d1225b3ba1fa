// Makes SVG elements by name, and saves a picture as SVG or PNG.

import { save } from '../../page/saving.js';

const SVG = 'http://www.w3.org/2000/svg';

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** Writes what differs; undefined takes it away. */
export function attribute(element: SVGElement, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes))
    if (value === undefined) element.removeAttribute(key);
    else if (element.getAttribute(key) !== String(value)) element.setAttribute(key, String(value));
}

export const PICTURE_FORMATS = ['SVG', 'PNG'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** Pixels of a PNG for each of the picture. */
const SHARPNESS = 2;

/** @param picture with its width and height, and colours as attributes: no style goes with it */
export async function savePicture(picture: SVGSVGElement, name: string, format: PictureFormat): Promise<void> {
  const text = new XMLSerializer().serializeToString(picture);
  const file = new Blob([text], { type: 'image/svg+xml' });
  if (format === 'SVG') {
    save(file, `${name}.svg`);
    return;
  }
  const image = new Image();
  image.src = URL.createObjectURL(file);
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = SHARPNESS * Number(picture.getAttribute('width'));
  canvas.height = SHARPNESS * Number(picture.getAttribute('height'));
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve);
  });
  if (blob) save(blob, `${name}.png`);
}
