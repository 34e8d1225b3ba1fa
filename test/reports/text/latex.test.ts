// Are tables written as LaTeX that compiles, with every sign of the text as itself?

import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formulaSheet } from '../../../reports/sheets/formulaSheet.js';
import { profileSheet } from '../../../reports/sheets/profileSheet.js';
import { sheet } from '../../../reports/sheets/sheet.js';
import { escapeLatex, latex, polynomialTex } from '../../../reports/text/latex.js';
import { blockModel } from '../../../src/blockModels.js';
import { builtIn } from '../../../src/builtIn.js';
import { formula } from '../../../src/formula/formula.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

const HOSTILE = 'a_b & 100 % of $x$ #1 {\\evil} ~^ <i> "q" ± × |';

it('writes every sign of a text as itself', () => {
  expect(escapeLatex(HOSTILE)).toBe(
    "a\\_b \\& 100 \\% of \\$x\\$ \\#1 \\{\\textbackslash{}evil\\} \\textasciitilde{}\\textasciicircum{} $<$i$>$ ''q'' $\\pm$ $\\times$ $|$",
  );
});

it.each([
  ['276 g^2 h n w + 1536 g', '276\\,g^{2}\\,h\\,n\\,w + 1536\\,g'],
  ['1/3 growth^12 - x', '\\frac{1}{3}\\,\\mathit{growth}^{12} - x'],
  ['768', '768'],
])('writes the polynomial %s', (text, tex) => {
  expect(polynomialTex(text)).toBe(tex);
});

describe('a table', () => {
  const rows = [{ name: HOSTILE, count: 1 }];
  const text = latex(
    sheet<(typeof rows)[number]>({
      title: '100 % & more',
      columns: [
        { key: 'name', title: 'a_name', align: 'left', value: ({ name }) => name },
        { key: 'count', title: 'count', align: 'right', value: ({ count }) => count },
        { key: 'secret', title: 'secret', align: 'right', hidden: true, value: () => 7 },
      ],
      rows,
      total: { name: 'total', count: 1 },
      mark: () => 'worst',
      notes: ['A note_1.'],
    }),
  );

  it('has the rules of booktabs, its columns, its total and its notes', () => {
    expect(text.match(/\\(top|mid|bottom)rule/g)).toEqual(['\\toprule', '\\midrule', '\\midrule', '\\bottomrule']);
    expect(text).toContain('\\begin{tabular}{lr}');
    expect(text).toContain('\\caption{100 \\% \\& more}');
    expect(text).toContain('(\\emph{worst}) & 1 \\\\');
    expect(text).toContain('A note\\_1.\\par');
    expect(text).not.toContain('secret');
  });

  const installed = spawnSync('kpsewhich', ['booktabs.sty']).status === 0;
  it.skipIf(!installed)('compiles, as a profile and closed forms do (skipped where LaTeX is not installed)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'flopscope-latex-'));
    const profiled = latex(profileSheet(profile(graphOf(builtIn('densenet121'))), { by: 'stage' }));
    const forms = latex(formulaSheet(formula(blockModel('dense')!, { growth: 'growth_rate' }, {})));
    const document = [
      '\\documentclass{article}',
      '\\usepackage{booktabs,graphicx}',
      '\\begin{document}',
      text,
      profiled,
      forms,
    ];
    writeFileSync(join(folder, 'a.tex'), [...document, '\\end{document}'].join('\n'));
    const { status, stdout } = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'a.tex'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status, stdout.slice(-2000)).toBe(0);
  });
});
