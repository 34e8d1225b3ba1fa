// Writes a profile as JSON: all rows or those of --sort and --top, and the totals of the network.

import type { Group, Layer, Profile } from '../../src/profile.js';
import { rowsOf } from './profileRows.js';
import type { ProfileView } from './profileView.js';

export interface ViewedProfile extends Profile {
  /** In order and number as the view says; all layers stay in `layers` then. */
  readonly groups?: readonly Group[];
  /** Only where rows are ordered or left out: how many are here, of how many. */
  readonly view?: ProfileView & { readonly rows: number; readonly of: number };
}

export function profileJson(profile: Profile, { by, sort, top }: ProfileView): ViewedProfile {
  const changed = sort !== undefined || top !== undefined;
  if (by === 'layer' && !changed) return profile;
  const { rows, all } = rowsOf(profile, { by, sort, top });
  return {
    ...profile,
    ...(by === 'layer' ? { layers: rows.map(({ layer }) => layer as Layer) } : {}),
    ...(by === 'layer' ? {} : { groups: rows.map(({ group }) => group as Group) }),
    ...(changed ? { view: { by, sort, top, rows: rows.length, of: all.length } } : {}),
  };
}
