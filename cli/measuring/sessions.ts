// Measures jobs in the sessions that the flags ask for, with progress and messages.

import type { Run } from '../../src/measure/run.js';
import type { Job, JobListener } from '../../src/measure/session.js';
import { measureInSessions, type SessionPlan, type SecondsSpent, type StopReason } from '../../src/measure/sessions.js';
import { counted } from '../../src/plural.js';
import { VERSION } from '../../src/version.js';
import { progressBar } from '../output/progressBar.js';
import type { Screen } from '../screen.js';
import { expectedSession } from './expected.js';
import { settingsOf, type RunFlags } from './session.js';

/** The limit where only a time or a precision is given. */
const [MOST_SESSIONS, MOST_SECONDS] = [100, 600];
const USUAL_SESSIONS = 10;

/** Seconds since this program was started: reading models is a part of a budget, too. */
const sinceStart = (): number => performance.now() / 1000;

/** The default of --sessions does not limit a budget. */
function planOf({ sessions = 1, budgetTime, precision }: RunFlags): SessionPlan {
  if (budgetTime === undefined && precision === undefined) return { sessions };
  return { sessions: MOST_SESSIONS, budgetSeconds: (budgetTime ?? MOST_SECONDS) - sinceStart(), precision };
}

/** Seconds over a budget that are not explained: about a window of each network. */
const NOTABLE = 1;

/** Why a time budget was exceeded; "" where it was not. */
function overBudget(
  { budgetTime, layers, minWindow }: RunFlags,
  networks: number,
  { all, beforeWindows }: SecondsSpent,
): string {
  const started = sinceStart() - all;
  const over = sinceStart() - (budgetTime ?? MOST_SECONDS);
  if (over < Math.max(NOTABLE, minWindow * networks)) return '';
  const after = ['ceilings', 'kernels', ...(layers ? ['layers'] : [])].join(', ').replace(/, (\w+)$/, ' and $1');
  return `; ${over.toFixed(1)} s more were needed: ${(started + beforeWindows).toFixed(1)} s had passed before the first window, there is one of each network at least, and ${after} are looked at after them`;
}

const REASONS: Readonly<Record<StopReason, (flags: RunFlags, networks: number, spent: SecondsSpent) => string>> = {
  sessions: () => `no more than ${MOST_SESSIONS} are made`,
  precision: ({ precision }) => `the intervals are within +-${(100 * precision!).toFixed(1)} %`,
  time: (flags, networks, spent) =>
    `the time is up (${flags.budgetTime ?? MOST_SECONDS} s, with start, ceilings and set-up)${flags.precision === undefined ? '' : `, before the intervals are within +-${(100 * flags.precision).toFixed(1)} %`}${overBudget(flags, networks, spent)}`,
};

/**
 * @returns the runs in the order of the jobs
 * @throws InputError for an engine that is not available, and what `measureInSessions` throws
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
  const sizes = jobs.map(({ counted: { totals } }) => totals.multAdds);
  let [begun, inTurns] = [0, false];
  try {
    return await measureInSessions(settingsOf(flags, screen.heard), VERSION, jobs, plan, {
      ...listener,
      part: (name) => bar.part(name, inTurns ? undefined : expectedSession(flags, sizes, begun++, planned)),
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
      stopped: (why, sessions, spent) => {
        if (plan.budgetSeconds !== undefined)
          bar.say(`${counted(sessions, 'session')}: ${REASONS[why](flags, jobs.length, spent)}\n`);
      },
    });
  } finally {
    bar.stop();
  }
}
