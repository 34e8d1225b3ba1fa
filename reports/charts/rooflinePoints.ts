// The points of a roofline: FLOPs per byte of fused memory access, and the FLOP/s achieved.

import { timedLayers } from '../report/timedLayers.js';
import { measured, type Scene } from './scene.js';

export interface Point {
  readonly name: string;
  readonly place: number;
  /** FLOPs per byte. */
  readonly intensity: number;
  readonly flopsPerSecond: number;
  /** Part of the network's time. */
  readonly share: number;
  readonly milliseconds: number;
}

/** Timed layers of the networks in focus. */
export function layerPoints(scene: Scene): readonly Point[] {
  return scene.focus.flatMap((subject) => {
    const timed = timedLayers(subject);
    const whole = timed.reduce((sum, { time }) => sum + time.milliseconds, 0);
    return timed.flatMap(({ time, flops, bytes }): Point[] =>
      flops > 0 && bytes > 0 && time.milliseconds > 0
        ? [
            {
              name: time.name,
              place: subject.place,
              intensity: flops / bytes,
              flopsPerSecond: (1000 * flops) / time.milliseconds,
              share: time.milliseconds / whole,
              milliseconds: time.milliseconds,
            },
          ]
        : [],
    );
  });
}

/** Whole networks, for runs whose layers were not timed. */
export const networkPoints = (scene: Scene): readonly Point[] =>
  measured(scene).flatMap(({ label, place, run }) => {
    const { multAdds, memoryAccess } = run.totals;
    const intensity = (2 * multAdds) / (memoryAccess.fused * run.bytesPerElement);
    return intensity > 0
      ? [
          {
            name: label,
            place,
            intensity,
            flopsPerSecond: run.flopsPerSecond,
            share: 1,
            milliseconds: run.times.median,
          },
        ]
      : [];
  });
