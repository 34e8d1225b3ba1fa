// Which parts of Chart.js are used? Only these; the page carries no others.

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
