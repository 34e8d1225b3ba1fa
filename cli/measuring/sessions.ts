// Measures jobs in the sessions that the flags ask for, with progress and messages.

import type { Run } from '../../src/measure/run.js';
import type { Job, JobListener } from '../../src/measure/session.js';
import { measureInSessions, type SessionPlan, type Stop } from '../../src/measure/sessions.js';
import { counted } from '../../src/plural.js';
import { VERSION } from '../../src/version.js';
import { progressBar } from '../output/progressBar.js';
import type { Screen } from '../screen.js';
import { expectedSession } from './expected.js';
import { settingsOf, type RunFlags } from './session.js';

/** Where only a time or a precision is asked for. */
const [MOST_SESSIONS, MOST_SECONDS] = [100, 600];
const USUAL_SESSIONS = 10;

/** A number of sessions that is the default of a flag is no limit of a budget. */
function planOf({ sessions = 1, budgetTime, precision }: RunFlags): SessionPlan {
  if (budgetTime === undefined && precision === undefined) return { sessions };
  return { sessions: MOST_SESSIONS, budgetSeconds: budgetTime ?? MOST_SECONDS, precision };
}

const REASONS: Readonly<Record<Stop, (flags: RunFlags) => string>> = {
  sessions: () => `no more than ${MOST_SESSIONS} are made`,
  precision: ({ precision }) => `the intervals are within +-${(100 * precision!).toFixed(1)} %`,
  time: ({ budgetTime, precision }) =>
    `the time is up (${budgetTime ?? MOST_SECONDS} s)${precision === undefined ? '' : `, before the intervals are within +-${(100 * precision).toFixed(1)} %`}`,
};

/**
 * @returns the runs in the order of the jobs
 * @throws InputError for an engine that cannot be had, and what `measureInSessions` throws
 */
export async function measureJobs<J extends Job>(
  jobs: readonly J[],
  flags: RunFlags,
  screen: Screen,
  listener: JobListener<J> = {},
): Promise<readonly Run[]> {
  const plan = planOf(flags);
  const planned = Math.min(plan.sessions, USUAL_SESSIONS);
  const bar = await progressBar(planned, screen, flags.budgetTime);
  let [begun, inTurns] = [0, false];
  try {
    return await measureInSessions(settingsOf(flags, screen.heard), VERSION, jobs, plan, {
      ...listener,
      part: (name) => bar.part(name, inTurns ? undefined : expectedSession(flags, jobs.length, begun++, planned)),
      chosen: (engine, reason) => {
        bar.say(`engine ${engine}: ${reason}\n`);
      },
      turns: (turns) => {
        inTurns = true;
        bar.parts(planned * turns.length);
        bar.say(
          `${counted(jobs.length, 'network')} do not fit into this device's memory together: they are measured in ${turns.length} turns\n`,
        );
      },
      stopped: (why, sessions) => {
        if (plan.budgetSeconds !== undefined) bar.say(`${counted(sessions, 'session')}: ${REASONS[why](flags)}\n`);
      },
    });
  } finally {
    bar.stop();
  }
}
