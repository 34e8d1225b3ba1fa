// Colours and fonts of charts: one theme for paper and light screens, one for dark screens.

export interface Theme {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  /** Joins marks of one row; stronger than the grid, weaker than any mark. */
  readonly pale: string;
  readonly surface: string;
  /** The colour of the baseline, and of what is not a network. */
  readonly neutral: string;
  /** One per network in order of appearance, all at least 3:1 against the surface. */
  readonly series: readonly string[];
  /** What is predicted, and never measured. */
  readonly predicted: string;
  /** Stages from first to last. */
  readonly sequence: readonly string[];
}

export const FONT = 'Inter';
export const FONT_SIZE = 12;

export const LIGHT: Theme = {
  ink: '#1a1d24',
  muted: '#5a6170',
  grid: '#e4e7ec',
  pale: '#d3d9e2',
  surface: '#ffffff',
  neutral: '#79808d',
  predicted: '#7a3fa6',
  series: ['#2563c9', '#c2410c', '#0f7b5f', '#8b3fb8', '#a16207', '#be2a6b', '#0e7490', '#4d5562'],
  sequence: ['#b9c3d3', '#8fb4e8', '#5b8fdc', '#2f6bc7', '#1d4f9e', '#143a78', '#0c2550', '#6b7280'],
};

export const DARK: Theme = {
  ink: '#e8eaef',
  muted: '#a2a9b8',
  grid: '#2b303b',
  pale: '#3a4150',
  surface: '#171a21',
  neutral: '#8a92a1',
  predicted: '#c78bf0',
  series: ['#6ea8ff', '#ff8f5a', '#3fc79a', '#c78bf0', '#e0b23e', '#f57fb0', '#4cc3dd', '#a7afbd'],
  sequence: ['#465063', '#2c4f86', '#3a6fbd', '#5a93e4', '#86b3f2', '#b1cff9', '#d9e8fd', '#8a92a1'],
};

const SHAPES = ['circle', 'triangle', 'rect', 'rectRot', 'star', 'crossRot', 'rectRounded', 'cross'] as const;

/**
 * As many looks as colours times shapes: the second round of colours begins with the second shape.
 */
export const shapeOf = (place: number): (typeof SHAPES)[number] =>
  SHAPES[(place + Math.floor(place / SHAPES.length)) % SHAPES.length]!;

/** How the points of one network look in a chart where many of them lie over each other. */
export const cloudLook = (theme: Theme, place: number) => ({
  pointStyle: shapeOf(place),
  borderColor: colourOf(theme, place),
  backgroundColor: faded(colourOf(theme, place), 0.28),
  borderWidth: 1.25,
});

/** Of a chart that is such a cloud, by its width. */
export const cloudHeight = (width: number): number => Math.max(width < 420 ? 345 : 420, Math.min(520, 0.56 * width));

export const colourOf = (theme: Theme, place: number): string => theme.series[place % theme.series.length]!;

/**
 * Black or white, whichever is read better on a colour; a translucent one lies over the surface.
 */
export function inkOn({ surface }: Theme, colour: string): string {
  const alpha = colour.length > 7 ? parseInt(colour.slice(7), 16) / 255 : 1;
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const [own, behind] = [colour, surface].map((one) => parseInt(one.slice(at, at + 2), 16) / 255);
    return alpha * own! + (1 - alpha) * behind!;
  });
  return 0.2126 * red! ** 2.2 + 0.7152 * green! ** 2.2 + 0.0722 * blue! ** 2.2 > 0.19 ? '#101319' : '#ffffff';
}

/** A six-digit colour made translucent; alpha from 0 to 1. */
export const faded = (colour: string, alpha: number): string =>
  `${colour}${Math.round(255 * alpha)
    .toString(16)
    .padStart(2, '0')}`;

/** A six-digit colour as it looks over the surface where it is translucent; alpha from 0 to 1. */
export const blended = ({ surface }: Theme, colour: string, alpha: number): string =>
  `#${[1, 3, 5]
    .map((at) => [colour, surface].map((one) => parseInt(one.slice(at, at + 2), 16)) as [number, number])
    .map(([own, behind]) => Math.round(alpha * own + (1 - alpha) * behind))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;
