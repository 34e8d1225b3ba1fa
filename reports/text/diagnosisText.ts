// Writes a diagnosis for a terminal, on one screen, or as Markdown.

import type { Diagnosis } from '../../src/diagnosis/diagnose.js';
import {
  findingsTitle,
  foldedBrief,
  foldedText,
  headline,
  layersText,
  moreText,
  MOST_FINDINGS,
  othersText,
  partSheets,
  savingText,
} from '../sheets/diagnosisSheets.js';
import { escapeMarkdown, markdownTable } from './markdown.js';
import { terminal, type Look } from './terminal.js';
import { SCREEN, wrapped } from './wrap.js';

export function diagnosisText(diagnosis: Diagnosis, look: Look): string {
  const width = Math.min(look.width ?? SCREEN, 100);
  const [what, ...more] = headline(diagnosis);
  const lines = [look.bold(wrapped(what!, '', width)), ...more.map((text) => wrapped(text, '', width)), ''];
  for (const part of partSheets(diagnosis)) {
    if (part.rows.length === 0) continue;
    lines.push(terminal({ ...part, notes: [] }, look));
    if (part.notes.length > 0) lines.push(...part.notes.map((note) => wrapped(note, '', width)), '');
  }
  lines.push(look.bold(wrapped(`${findingsTitle(diagnosis)}${foldedBrief(diagnosis)}`, '', width)));
  for (const [i, finding] of diagnosis.findings.slice(0, MOST_FINDINGS).entries()) {
    const saves = savingText(finding, diagnosis);
    const layers = layersText(finding, diagnosis.basis);
    lines.push(look.bold(wrapped(`${finding.title} (${finding.audit})`, `${i + 1}. `, width)));
    lines.push(wrapped(finding.evidence, '   ', width));
    if (layers !== undefined) lines.push(wrapped(layers, '   In: ', width));
    lines.push(wrapped(finding.fix, '   Fix: ', width));
    if (saves !== undefined) lines.push(wrapped(`${saves}.`, '   Saves: ', width));
  }
  const others = othersText(diagnosis);
  if (others !== undefined) lines.push(wrapped(others, '', width));
  const hint = moreText(diagnosis);
  if (hint !== undefined) lines.push(wrapped(hint, '', width));
  return `${lines.join('\n')}\n`;
}

export function diagnosisMarkdown(diagnosis: Diagnosis): string {
  const lines = headline(diagnosis).flatMap((text) => [escapeMarkdown(text), '']);
  for (const part of partSheets(diagnosis))
    if (part.rows.length > 0)
      lines.push(
        `**${escapeMarkdown(part.title)}**`,
        '',
        markdownTable(part),
        '',
        ...part.notes.flatMap((note) => [escapeMarkdown(note), '']),
      );
  const folded = foldedText(diagnosis);
  lines.push(`**${findingsTitle(diagnosis)}**`, '', ...(folded === undefined ? [] : [folded, '']));
  for (const [i, finding] of diagnosis.findings.slice(0, MOST_FINDINGS).entries()) {
    const saves = savingText(finding, diagnosis);
    const layers = layersText(finding, diagnosis.basis);
    lines.push(`${i + 1}. **${finding.title}** (${finding.audit}). ${escapeMarkdown(finding.evidence)}`);
    if (layers !== undefined) lines.push(`   - In: ${escapeMarkdown(layers)}`);
    lines.push(`   - Fix: ${escapeMarkdown(finding.fix)}`);
    if (saves !== undefined) lines.push(`   - Saves: ${saves}.`);
  }
  const others = othersText(diagnosis);
  if (others !== undefined) lines.push('', escapeMarkdown(others));
  const hint = moreText(diagnosis);
  if (hint !== undefined) lines.push('', escapeMarkdown(hint));
  return `${lines.join('\n')}\n`;
}
