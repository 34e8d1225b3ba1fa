// Reads the fields that nvidia-smi writes.

/** The fields of one line of csv. */
export const fieldsOf = (line: string): readonly string[] => line.split(',').map((text) => text.trim());

/**
 * "312.40"; undefined for "[N/A]", "ERR!", nothing, and for no power at all, which no working GPU
 * draws.
 */
export function wattsOf(text: string): number | undefined {
  const watts = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  return watts > 0 && watts < MOST_WATTS ? watts : undefined;
}
/** Ten times the power of any board. */
const MOST_WATTS = 20_000;
