// Diagnoses the networks of a report, and predicts them on the devices that --device names.

import type { ReportInput } from './reportData.js';
import { modelOfProfile } from '../../src/builtIn.js';
import type { Device } from '../../src/devices/device.js';
import { predict, type Prediction } from '../../src/devices/predict.js';
import { diagnosed } from '../../src/diagnosis/diagnose.js';
import type { Graph } from '../../src/graph.js';
import { graphOf, type Model } from '../../src/model.js';
import type { Profile } from '../../src/profile.js';

/**
 * A network without a model has no graph, and so no diagnosis.
 * @param models those that the user named, under the names of their profiles
 * @param graphs those that run files hold
 */
export function diagnosesOf(
  models: readonly Model[],
  graphs: ReadonlyMap<Profile, Graph>,
  devices: readonly Device[],
): Pick<ReportInput, 'diagnose' | 'predict' | 'devices'> {
  const [device] = devices;
  const graphAt = (profile: Profile): Graph | undefined => graphs.get(profile) ?? graphOfProfile(models, profile);
  const predictions = new Map<Profile, readonly Prediction[]>();
  // Cached: a page of one network needs the first prediction in its diagnosis and in its table.
  const predicted = (profile: Profile): readonly Prediction[] => {
    const graph = graphAt(profile);
    const made = predictions.get(profile) ?? (graph ? devices.map((one) => predict(graph, profile, one)) : []);
    predictions.set(profile, made);
    return made;
  };
  return {
    devices,
    diagnose: (profile, run) => {
      const graph = graphAt(profile);
      return (
        graph &&
        diagnosed(graph, {
          ...{ source: profile.source, bytesPerElement: profile.bytesPerElement },
          ...(run ? { run } : device ? { device, prediction: predicted(profile)[0]! } : {}),
        })
      );
    },
    predict: predicted,
  };
}

function graphOfProfile(models: readonly Model[], profile: Profile): Graph | undefined {
  const model = modelOfProfile(profile, models);
  const { input } = profile;
  return model && graphOf(model, input.n, [input.c, input.h, input.w]);
}
