// The table of all detectors, by the name that stands before the @.

import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { nearestNames } from '../nearest.js';
import { centerMask, centerMaskLite } from './centerMask.js';
import type { Detector } from './detector.js';
import { detectorModel } from './detectorModel.js';
import { dsod300 } from './dsod.js';
import { readGiven } from './given.js';
import { fasterRcnn, maskRcnn } from './rcnn.js';
import { pelee304 } from './pelee.js';
import { refinedet320, refinedet512 } from './refineDet.js';
import { ssd300, ssd300Mobile } from './ssd.js';

/** The types of the fields are dropped here, so that code treats all detectors the same. */
export const DETECTORS = [
  ssd300,
  ssd300Mobile,
  pelee304,
  dsod300,
  refinedet320,
  refinedet512,
  fasterRcnn,
  maskRcnn,
  centerMask,
  centerMaskLite,
] as unknown as readonly Detector[];

export const detectorNames = (): readonly string[] => DETECTORS.map(({ name }) => name);

/** @throws InputError with the nearest names when there is no such detector */
export function detectorNamed(name: string): Detector {
  const found = DETECTORS.find((detector) => detector.name === name);
  if (!found)
    throw new InputError(
      `there is no detector "${name}"${nearestNames(name, detectorNames()) || `, only ${detectorNames().join(', ')}`}`,
    );
  return found;
}

/**
 * @param name of the detector, or `name:field=value,...`
 * @throws InputError for an unknown detector or a field that it does not have
 */
export function detectorOn(name: string, backbone: Model): Model {
  const [plain = '', given] = name.split(/:(.*)/s);
  const found = detectorNamed(plain);
  const config = given === undefined ? {} : readGiven(found, given);
  return detectorModel(found, backbone, config, `${name}@${backbone.name}`);
}
