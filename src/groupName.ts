// The name of a group of layers where its layers are in none: "(no stage)".

/** @param grouping "stage", "block" or "op" */
export const groupName = (name: string, grouping: string): string => name || `(no ${grouping})`;
