// Writes a budgets file whose limits are what networks cost now, with a comment for each metric.

import { stringify } from 'yaml';
import { allSides } from '../../inputSize.js';
import { metricOf, type MetricName } from '../../metrics/table.js';
import type { Profile } from '../../profile.js';
import { visible } from '../../visible.js';
import { PATHS } from './budgetsRules.js';

/** A network of the file, named by `model` or by `file`, and what it costs. */
export type TodaysNetwork = ({ readonly model: string } | { readonly file: string }) & { readonly profile: Profile };

/** What a pull request makes worse most often; docs/ci.md lists all that can be limited. */
const METRICS: readonly MetricName[] = ['params', 'multAdds', 'memoryAccess.unfused', 'memoryAccess.fused'];
const LIMITED = PATHS.filter(([metric]) => METRICS.includes(metric));

/** Letters of a comment's line. */
const LINE = 98;

/**
 * @param leftOut sentences about files that are no networks
 * @returns YAML that `readBudgets` reads, and whose limits hold today
 */
export function budgetsText(networks: readonly TodaysNetwork[], leftOut: readonly string[] = []): string {
  return [
    ...comment('What networks may cost. flopscope check fails where one costs more.'),
    ...comment(
      'flopscope check --init wrote what they cost then. Nothing writes this file again: raise a limit in the pull request that needs it, or write +2% for what flopscope check --update-baseline keeps. docs/ci.md of flopscope lists what else can be limited.',
    ),
    '#',
    ...LIMITED.flatMap(([metric]) => comment(`${metric}: ${metricOf(metric).about}`, '  ')),
    ...(leftOut.length > 0 ? ['#', ...leftOut.flatMap((text) => comment(`Left out: ${visible(text)}`))] : []),
    'budgets:',
    ...networks.flatMap(entry),
    '',
  ].join('\n');
}

function entry(network: TodaysNetwork): readonly string[] {
  const { input, lowerBound } = network.profile;
  const [key, name] = 'model' in network ? ['model', network.model] : ['file', network.file];
  const bound = lowerBound ? ', at least: not all of its ops are counted' : '';
  return [
    `  - ${key}: ${scalar(name)} # at its own input, ${allSides(input).join('x')}${bound}`,
    '    limits:',
    ...limitsOf(network.profile),
  ];
}

function limitsOf({ totals, layers }: Profile): readonly string[] {
  const lines: string[] = [];
  let group: string | undefined;
  for (const [metric, path] of LIMITED) {
    const row = metricOf(metric);
    const value = row.from === 'graph' ? row.read({ totals, layers }) : null;
    if (value === null) continue;
    const [first, inner] = path;
    if (inner !== undefined && first !== group) lines.push(`      ${first!}:`);
    group = inner === undefined ? undefined : first;
    lines.push(`${inner === undefined ? '      ' : '        '}${path.at(-1)!}: ${digits(value)}`);
  }
  return lines;
}

/** 25_557_032 is a number of a budgets file, and easier to read than without groups. */
const digits = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '_');

const scalar = (text: string): string => stringify(text, { lineWidth: 0 }).trim();

/** Lines that begin with "# ", broken between words. */
function comment(text: string, indent = ''): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${indent}${lines.length > 0 && indent !== '' ? '  ' : ''}${word}`);
  }
  return lines;
}
