// Writes a check as JUnit XML: a suite per network, a case per limit and forbidden finding.

import library, { type Builder, type TestSuite } from 'junit-report-builder';
import type { CheckResult, CheckedLimit } from '../../src/budgets/check.js';
import { growth } from '../../src/budgets/contributors.js';
import { metricOf } from '../../src/metrics/table.js';
import { blame, networkOf, untoldNotes } from './checkSheet.js';
import { foundText } from './forbiddenSheet.js';
import { lowerBoundNote } from './lowerBound.js';
import { metricText, unitText } from '../text/metricText.js';
import { visible } from '../../src/visible.js';

/** Its types declare a default export, but Node loads the builder itself. */
const builder = library as unknown as Builder;

export function junit({ limits, findings, budgets }: CheckResult): string {
  const report = builder.newBuilder().name('flopscope check');
  const suites = new Map<string, TestSuite>();
  for (const verdict of limits) {
    const network = xmlText(networkOf(verdict));
    const suite = suites.get(network) ?? report.testSuite().name(network);
    suites.set(network, suite);
    const test = suite
      .testCase()
      .className(network)
      .name(`${metricOf(verdict.metric).title}, budget ${xmlText(verdict.budget)}`)
      .file(xmlText(budgets));
    if (verdict.lowerBound) test.standardError(xmlText(lowerBoundNote(verdict.lowerBound, verdict.network)));
    const [untold] = untoldNotes({ limits: [verdict] });
    if (untold !== undefined) test.standardError(xmlText(untold));
    if (!verdict.passed) test.failure(failure(verdict), 'budget').standardOutput(reasons(verdict));
  }
  for (const finding of findings) {
    const { network: name, input, audit, title, found, layers } = finding;
    const network = xmlText(networkOf({ network: name, input }));
    const suite = suites.get(network) ?? report.testSuite().name(network);
    suites.set(network, suite);
    const test = suite.testCase().className(network).name(`forbidden finding ${audit}`).file(xmlText(budgets));
    if (found)
      test.failure(xmlText(foundText(finding)), 'finding').standardOutput([title, ...layers].map(xmlText).join('\n'));
  }
  return `${report.build()}\n`;
}

function failure({ metric, value, limit, allows, excess, place, result }: CheckedLimit): string {
  if (result === 'cannot tell')
    return xmlText(
      `${metricText(metric, value)} cannot be told from the limit, ${metricText(metric, limit)} (${place})`,
    );
  const [is, asked] = allows === 'most' ? ['over', 'at most'] : ['below', 'at least'];
  return xmlText(
    `${metricText(metric, value)} where ${asked} ${metricText(metric, limit)} is allowed: ${metricText(metric, excess)} ${is} the limit (${place})`,
  );
}

function reasons(verdict: CheckedLimit): string {
  const { contributors } = verdict;
  if (contributors === null || contributors.parts.length === 0) return '';
  const { why, unit, parts } = contributors;
  const lines = parts.map((part) =>
    why === 'grew' ? `${part.name} +${unitText(unit, growth(part))}` : `${part.name} ${unitText(unit, part.value)}`,
  );
  return [blame(verdict), ...lines].map(xmlText).join('\n');
}

/** XML has no way to write some characters, nor CDATA its own end; the builder escapes the rest. */
const xmlText = (text: string): string =>
  visible(text)
    .replaceAll(']]>', ']] >')
    .replaceAll(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?');
