// Registers the parts of Chart.js that charts use. The page bundles no others.

import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js';

Chart.register(
  ...[BarController, LineController, ScatterController],
  ...[BarElement, LineElement, PointElement],
  ...[CategoryScale, LinearScale, LogarithmicScale],
  ...[Filler, Legend, Tooltip],
);

export { Chart };
