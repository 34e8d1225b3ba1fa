// Reads a profile that ONNX Runtime wrote: the kernels of each inference with their times.

/** Times are in milliseconds, by the host's clock: on a GPU, of handing the kernel over. */
export interface TimedKernel {
  readonly name: string;
  readonly op: string;
  readonly provider: string;
  readonly ms: number;
  /** Elements of its inputs and outputs. */
  readonly elements: number;
}

export interface ProfiledRun {
  readonly whole: number;
  readonly kernels: readonly TimedKernel[];
}

export interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  /** Whole microseconds. */
  readonly ts: number;
  readonly dur: number;
  readonly args: {
    readonly op_name?: string;
    readonly provider?: string;
    readonly input_type_shape?: readonly Shapes[];
    readonly output_type_shape?: readonly Shapes[];
  };
}
type Shapes = Readonly<Record<string, readonly number[]>>;

const SUFFIX = '_kernel_time';

/**
 * @returns one entry for each inference, in order; a kernel belongs to the inference during which
 * it began
 */
export function runsOf(events: readonly ProfileEvent[]): readonly ProfiledRun[] {
  const kernels = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith(SUFFIX)).sort((a, b) => a.ts - b.ts);
  const wholes = events.filter(({ cat, name }) => cat === 'Session' && name === 'model_run');
  return wholes
    .sort((a, b) => a.ts - b.ts)
    .map(({ ts, dur }) => ({
      whole: dur / 1000,
      kernels: kernels.filter((kernel) => kernel.ts >= ts && kernel.ts <= ts + dur).map(kernelOf),
    }));
}

const kernelOf = ({ name, dur, args }: ProfileEvent): TimedKernel => ({
  name: name.slice(0, -SUFFIX.length),
  op: args.op_name ?? 'unknown',
  provider: args.provider ?? 'unknown',
  ms: dur / 1000,
  elements: [...(args.input_type_shape ?? []), ...(args.output_type_shape ?? [])]
    .flatMap((shapes) => Object.values(shapes))
    .reduce((all, sides) => all + sides.reduce((product, side) => product * side, 1), 0),
});
