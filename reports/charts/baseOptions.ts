// The options of all charts: no animation, no responsiveness, one font, one style of tooltip.

import { FONT, FONT_SIZE, type Theme } from './theme.js';

export const commonOptions = (theme: Theme) => ({
  animation: false as const,
  responsive: false,
  maintainAspectRatio: false,
  color: theme.ink,
  font: { family: FONT, size: FONT_SIZE },
});

/** A legend of shapes above the chart; wraps by itself. */
export const legend = (theme: Theme) => ({
  display: true,
  align: 'start' as const,
  labels: {
    color: theme.ink,
    font: { family: FONT, size: FONT_SIZE },
    usePointStyle: true,
    boxHeight: 8,
    padding: 14,
  },
});

export const tooltip = (theme: Theme) => ({
  backgroundColor: theme.ink,
  titleColor: theme.surface,
  bodyColor: theme.surface,
  titleFont: { family: FONT, size: FONT_SIZE, weight: 600 as const },
  bodyFont: { family: FONT, size: FONT_SIZE },
  padding: 10,
  boxPadding: 4,
  displayColors: false,
});
