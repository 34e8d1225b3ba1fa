// The studio's data: the history of its state, the results of its networks, and who draws them.

import type { Run } from '../../src/measure/run.js';
import { announceFailure } from '../page/dom.js';
import { asker, Refused, type Asker } from './asker.js';
import type { Counted, NamedFile, Refusal, Wanted } from './core/protocol.js';
import { advanced, begun, redone, replaced, undone, type History } from './state/history.js';
import { chosenTab, type State, type Tab } from './state/state.js';

/** What is known of a network. The last good count stays while an edit cannot be counted. */
export interface Result {
  readonly counted: Counted | null;
  /** The tab that `counted` is of. */
  readonly of: Tab | null;
  /** The count before the last edit; null before the second one. */
  readonly before: Counted | null;
  readonly refusal: Refusal | null;
}

const NOTHING: Result = { counted: null, of: null, before: null, refusal: null };

/** How a change goes into the history: a step, more of the last step, or what is only looked at. */
export type How = 'step' | 'joined' | 'look';

interface Work {
  wanted: Tab;
  busy: boolean;
  /** It has been counted for so long that what is shown turns grey. */
  late: boolean;
}

/** Milliseconds: a network that is counted in a moment does not flicker, and is painted once. */
const LATE = 120;

/** The key of the pinned network among results; tabs have their ids. */
const PINNED = 'pinned';
type Key = number | typeof PINNED;

export class Studio {
  readonly counter: Asker = asker();
  private slow: Asker | undefined;
  private history: History<State>;
  private readonly results = new Map<Key, Result>();
  private readonly work = new Map<Key, Work>();
  private readonly drawers: (() => void)[] = [];
  /** Files by the key of their source. They are in memory alone. */
  readonly files = new Map<string, readonly NamedFile[]>();
  /** Device records that were dropped, as text by the names of their files. */
  devices: Readonly<Record<string, string>> = {};
  /** Runs that were measured here, or dropped. */
  runs: readonly Run[] = [];
  /** The layer that is pointed out in every view, by its name. */
  selected: string | null = null;
  /** Names of the layers of the stage or block that is opened; none where the whole network is. */
  region: ReadonlySet<string> = new Set();
  /** The state that the link in the address holds; null where it holds none. */
  linked: State | null = null;

  constructor(state: State) {
    this.history = begun(state);
  }

  /** Counts everything that is there, and draws. */
  start(): void {
    this.countAll();
    this.draw();
  }

  get state(): State {
    return this.history.present;
  }
  get tab(): Tab | undefined {
    return chosenTab(this.state);
  }
  get canUndo(): boolean {
    return this.history.past.length > 0;
  }
  get canRedo(): boolean {
    return this.history.future.length > 0;
  }

  /** A second worker for answers that take long: an edit never waits for them. */
  get thinker(): Asker {
    return (this.slow ??= asker());
  }

  onDraw(draw: () => void): void {
    this.drawers.push(draw);
  }

  update(next: State, how: How = 'step'): void {
    if (next === this.state) return;
    this.move(how === 'look' ? replaced(this.history, next) : advanced(this.history, next, how === 'joined'));
  }

  undo(): void {
    this.move(undone(this.history));
  }
  redo(): void {
    this.move(redone(this.history));
  }

  select(layer: string | null): void {
    if (layer === this.selected) return;
    this.selected = layer;
    if (layer !== null && !this.region.has(layer)) this.region = new Set();
    this.draw();
  }

  resultOf(tab: Tab | undefined): Result {
    return (tab && this.results.get(tab.id)) ?? NOTHING;
  }
  get pinned(): Result {
    return this.state.pinned === null ? NOTHING : (this.results.get(PINNED) ?? NOTHING);
  }
  /** Whether the shown count is of an earlier text, or being made. */
  isStale(tab: Tab): boolean {
    const { of, refusal } = this.resultOf(tab);
    return of !== tab || refusal !== null;
  }

  /** Whether what is shown looks out of date: the text has a mistake, or counting takes long. */
  isGrey(tab: Tab): boolean {
    return this.isStale(tab) && (this.resultOf(tab).refusal !== null || this.work.get(tab.id)?.late === true);
  }

  /** Runs of this very network: of its name, input and counts. */
  runsOf(tab: Tab | undefined): readonly Run[] {
    const { counted } = this.resultOf(tab);
    if (!counted) return [];
    const { model, input, totals } = counted.profile;
    return this.runs.filter(
      (run) =>
        run.model === model &&
        (['n', 'c', 'h', 'w'] as const).every((side) => run.input[side] === input[side]) &&
        run.totals.multAdds === totals.multAdds &&
        run.totals.params === totals.params,
    );
  }

  wantedOf({ source, options }: Tab): Wanted {
    return { source, options, files: source.kind === 'file' ? (this.files.get(source.key) ?? []) : [] };
  }

  /** A pane that fails is told of in the console, and keeps no other from being drawn. */
  draw(): void {
    for (const draw of this.drawers)
      try {
        draw();
      } catch (error) {
        reportError(error);
      }
  }

  /** Counts what names these files once more: they have come, or others have. */
  bring(key: string): void {
    for (const [of, { wanted }] of this.work)
      if (wanted.source.kind === 'file' && wanted.source.key === key) this.work.delete(of);
    this.countAll();
    this.draw();
  }

  private move(history: History<State> | undefined): void {
    if (!history) return;
    if (history.present.chosen !== this.state.chosen) [this.selected, this.region] = [null, new Set()];
    this.history = history;
    this.countAll();
    this.draw();
  }

  private countAll(): void {
    const { tabs, pinned } = this.state;
    for (const tab of tabs) this.count(tab.id, tab);
    if (pinned) this.count(PINNED, pinned);
    for (const key of this.results.keys())
      if (key === PINNED ? pinned === null : !tabs.some(({ id }) => id === key)) this.forget(key);
  }

  private forget(key: Key): void {
    this.results.delete(key);
    this.work.delete(key);
  }

  /** One count of a network at a time; the newest text is counted next. */
  private count(key: Key, tab: Tab): void {
    const known = this.work.get(key);
    if (known?.wanted === tab) return;
    if (known?.busy) {
      known.wanted = tab;
      return;
    }
    const work: Work = { wanted: tab, busy: true, late: false };
    this.work.set(key, work);
    setTimeout(() => {
      if (!work.busy || this.work.get(key) !== work) return;
      work.late = true;
      this.draw();
    }, LATE);
    announceFailure(this.counted(key, work));
  }

  private async counted(key: Key, work: Work): Promise<void> {
    for (;;) {
      const tab = work.wanted;
      const next = await this.resultFor(key, tab);
      // The tab was closed meanwhile.
      if (this.work.get(key) !== work) return;
      this.results.set(key, next);
      if (work.wanted === tab) break;
    }
    work.busy = work.late = false;
    this.draw();
    performance.mark('flopscope: numbers');
  }

  private async resultFor(key: Key, tab: Tab): Promise<Result> {
    const last = this.results.get(key) ?? NOTHING;
    try {
      const counted = await this.counter.ask('count', this.wantedOf(tab));
      const other = last.of?.source.kind !== tab.source.kind;
      return { counted, of: tab, before: other ? null : last.counted, refusal: null };
    } catch (error) {
      const refusal = error instanceof Refused ? error.refusal : { message: (error as Error).message };
      return { ...last, refusal };
    }
  }
}
