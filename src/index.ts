// The library's entry for Node: the browser entry, files on disk, and measuring.

import { modelNamed, type NameOptions } from './files/modelNamed.js';
import type { ModelFile } from './importers/modelFile.js';
import { readModel as readModelFile } from './importers/readModel.js';
import type { Model } from './model.js';

export * from './browser.js';

/**
 * Opens the model of a name, a path or bytes.
 * @param source a built-in name, `DETECTOR@BACKBONE`, a path of any file that is read, or its bytes
 * @throws InputError of one sentence
 */
export const readModel = (source: string | ModelFile, options: NameOptions = {}): Promise<Model> =>
  typeof source === 'string' ? modelNamed(source, options) : readModelFile(source, options);

export {
  CALIBRATION_NETWORKS,
  calibratedDevice,
  calibrationNames,
  timeNetworks,
  type TimedNetworks,
  type TimingListener,
} from './calibration.js';
export { doctor, type DoctorReport } from './doctor.js';
export { checkFile, type CheckedFile, type CheckSettings } from './files/checkFile.js';
export { withModelFile } from './files/openFile.js';
export { readFiledRuns, readRunFiles, type FiledRun } from './files/runFiles.js';
export { networksOfRuns } from './files/runNetworks.js';
export { networksBelow, type NetworksBelow } from './files/networksBelow.js';
export { namedModels, timedModels, type TimedModel, type TimedModels, type TimesOptions } from './files/timedModels.js';
export { runnableModel, type Runnable } from './files/runnableModel.js';
export { jobOf } from './measure/job.js';
export { tryAuto, tryEngine } from './engines/tryEngine.js';
export type { EngineReport } from './engines/probe.js';
export { DeviceFailure, type EngineName, type OpenOptions } from './engines/engine.js';
export { EXPERIMENTS } from './lab/experiments/table.js';
export { guidelines } from './lab/guidelines.js';
export { studyMemory, type MemoryStudy } from './lab/memoryStudy.js';
export { OSA_DEFAULTS, studyOsa } from './lab/osaStudy.js';
export { jobsOf } from './lab/trialJobs.js';
export { measure, MEASURE_DEFAULTS, type MeasureOptions } from './measure/measureModels.js';
export { measureAll, Session, type Job, type Listener, type MeasureSettings } from './measure/session.js';
export { measureInSessions, type SessionPlan, type SessionsListener } from './measure/sessions.js';
export { UntrustedRun } from './measure/trust.js';
export type { Run, RunFile } from './measure/run.js';
export { appendRuns } from './records/run/appendRuns.js';
export { mergeRows, type MergedRows } from './records/sweep/mergeRows.js';
export { ROW_FORMATS } from './records/sweep/rows.js';
export { readTimes } from './records/times/readTimes.js';
export { searchInThreads } from './redesign/searchInThreads.js';
export { modelMark } from './sweep/modelMark.js';
export { measuredRows } from './sweep/measuredRows.js';
export { studyVoVNetTables } from './studies/voVNetTables.js';
export { VERSION } from './version.js';
