// Parses a limit: 8_000_000, 8.1M, 2.87 G, 12 ms, 40%, or +2% over the baseline.

import type { Decimal, Limit } from '../../budgets/limit.js';
import { type Unit } from '../../metrics/metric.js';
import { metricOf, type Metric, type MetricName } from '../../metrics/table.js';
import { shown } from '../../document/problem.js';

interface Writing {
  /** Powers of ten by what may follow the number; of bytes, how many each is. */
  readonly suffixes: Readonly<Record<string, number>>;
  /** Completes "params must be ...". */
  readonly phrase: string;
}

/** kB is 1,000 bytes, KiB 1,024. */
const BYTE_UNITS = {
  ...{ B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
} as const;

const WRITINGS: Readonly<Record<Unit, Writing>> = {
  count: { suffixes: { k: 3, M: 6, G: 9, T: 12 }, phrase: 'a whole number, as in 8_000_000, 8.1M or 2.87 G' },
  bytes: { suffixes: BYTE_UNITS, phrase: 'bytes, as in 250_000_000, 250MB or 1.5 GiB' },
  ratio: { suffixes: {}, phrase: 'a number of at least 1, as in 1.5' },
  ms: { suffixes: { ms: 0, s: 3 }, phrase: 'milliseconds, as in 12.5 or 12.5 ms' },
  perSecond: { suffixes: {}, phrase: 'images per second, as in 120' },
  part: { suffixes: { '%': -2 }, phrase: 'a part of the whole, as in 40% or 0.4' },
  joules: { suffixes: { J: 0, mJ: -3 }, phrase: 'joules, as in 0.5 or 500 mJ' },
};

const LONGEST = 40;
/** A sign, digits with or without groups, decimals, and the unit. */
const WRITTEN = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d[\d_]*)(?:\.(\d+))?\s*(\D*)$/;

/** @returns the limit, or the sentence that says what is wrong with it */
export function readLimit(name: MetricName, given: unknown): Limit | string {
  const metric = metricOf(name);
  const { suffixes, phrase } = WRITINGS[metric.unit];
  const change = metric.better === 'less' ? '+2%' : '-5%';
  const wrong = `${name} must be ${phrase}, or a change from the baseline, as in ${change}; not ${shown(given)}`;
  if (typeof given === 'number') return absolute(name, metric, given, String(given));
  if (typeof given !== 'string' || given.length > LONGEST) return wrong;
  const text = given.trim();
  const [, sign, whole = '', part = '', suffix = ''] = WRITTEN.exec(text) ?? [];
  if (sign === undefined) return wrong;
  const number = { digits: BigInt(whole.replaceAll(/[_,]/g, '') + part), decimals: part.length };
  if (suffix === '%' && (sign !== '' || metric.unit !== 'part')) return relative(name, metric, sign, number, text);
  if (sign !== '') return wrong;
  if (suffix !== '' && !Object.hasOwn(suffixes, suffix)) {
    const known = Object.keys(suffixes).join(', ');
    return `${name} ${shown(text)} ends with ${shown(suffix)}, which is not a unit of it: ${known === '' ? 'write the number alone' : `write ${known} or nothing`}`;
  }
  return absolute(name, metric, scaled(number, suffixes[suffix] ?? 0, metric), text);
}

/** Fractions of an element or byte are dropped: 8.1234567M is 8,123,456. */
function scaled({ digits, decimals }: Decimal, power: number, { unit }: Metric): number {
  if (unit === 'bytes') return Number((digits * BigInt(power || 1)) / 10n ** BigInt(decimals));
  const shift = power - decimals;
  if (shift >= 0) return Number(digits * 10n ** BigInt(shift));
  return unit === 'count' && power > 0 ? Number(digits / 10n ** BigInt(-shift)) : Number(`${digits}e${shift}`);
}

function absolute(name: MetricName, { unit, better, title }: Metric, value: number, text: string): Limit | string {
  if (unit === 'count' || unit === 'bytes') {
    if (!Number.isInteger(value) && Number.isFinite(value))
      return `${name} is limited to ${shown(value)}, which is not a whole number: is a unit missing, as in ${value}${unit === 'bytes' ? 'MB' : 'M'}?`;
    if (!Number.isSafeInteger(value) || value < 0)
      return `${name} must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, not ${shown(text)}`;
  }
  if (!Number.isFinite(value)) return `${name} must be ${WRITINGS[unit].phrase}, not ${shown(text)}`;
  if (unit === 'ratio' && value < 1)
    return `${name} is limited to ${shown(text)}, but no layer can be below 1: 1 is a perfect balance`;
  if (unit === 'part' && (value <= 0 || value > 1))
    return `${name} must be more than 0 and at most 1 (100%), not ${shown(text)}: write 40% or 0.4`;
  if (unit !== 'count' && unit !== 'bytes' && value <= 0)
    return `${name} must be more than 0, not ${shown(text)}: ${title} ${ALLOWS[better]}`;
  return { kind: 'absolute', text, value };
}

const ALLOWS: Readonly<Record<Metric['better'], string>> = {
  less: 'is never less',
  more: 'is limited from below, and 0 allows everything',
};

function relative(
  name: MetricName,
  { better }: Metric,
  sign: string,
  { digits, decimals }: Decimal,
  text: string,
): Limit | string {
  if (sign === '')
    return `${name} ${shown(text)} does not say of what: write ${better === 'less' ? '+' : '-'}${text}, from the baseline`;
  const down = sign === '-';
  if (digits !== 0n && down !== (better === 'more'))
    return better === 'less'
      ? `${name} ${shown(text)} would refuse the baseline itself: it is the most that is allowed, so write +${text.slice(1)}`
      : `${name} ${shown(text)} would refuse the baseline itself: it is the least that is allowed, so write -${text.slice(1)}`;
  if (down && digits >= 100n * 10n ** BigInt(decimals))
    return `${name} ${shown(text)} allows everything: write less than -100%`;
  return { kind: 'relative', text, percent: { digits: down ? -digits : digits, decimals } };
}
