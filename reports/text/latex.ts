// Writes a sheet as a LaTeX table with the rules of the package booktabs, and its notes below.

import { visible } from '../../src/visible.js';
import { cell, type AnySheet, type Column } from '../sheets/sheet.js';

/** More columns than fit on a page: such a table is shrunk to the width of the text. */
const WIDE = 7;

/**
 * A fragment for a document that loads booktabs and graphicx; a column of formulas breaks its
 * lines.
 */
export const latex = (whole: AnySheet): string =>
  [
    '% Needs \\usepackage{booktabs,graphicx} in the preamble.',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(whole.title)}}`,
    ...(whole.rows.length > 0 || whole.total !== undefined ? tabular(whole).map((line) => `  ${line}`) : []),
    ...(whole.notes.length === 0 ? [] : ['', '  \\par\\smallskip\\footnotesize\\raggedright']),
    ...whole.notes.map((note) => `  ${escapeLatex(note)}\\par`),
    '\\end{table}',
    '',
  ].join('\n');

function tabular({ columns, rows, total, part, mark }: AnySheet): readonly string[] {
  const shown = columns.filter((column) => column.hidden !== true);
  let heading: string | undefined;
  const body = rows.flatMap((row) => {
    const next = part?.(row);
    const opens = next !== undefined && next !== heading;
    heading = next;
    const cells = shown.map((column) => texOf(column, row));
    const remark = mark?.(row);
    if (remark !== undefined) cells[0] = `${cells[0] ?? ''} (\\emph{${escapeLatex(remark)}})`;
    return [...(opens ? [`\\multicolumn{${shown.length}}{l}{\\emph{${escapeLatex(next)}}} \\\\`] : []), line(cells)];
  });
  return [
    ...(shown.length > WIDE ? ['\\resizebox{\\linewidth}{!}{%'] : []),
    `\\begin{tabular}{${shown.map(alignment).join('')}}`,
    '\\toprule',
    line(shown.map(({ title }) => escapeLatex(title))),
    '\\midrule',
    ...body,
    ...(total === undefined ? [] : ['\\midrule', line(shown.map((column) => texOf(column, total)))]),
    '\\bottomrule',
    `\\end{tabular}${shown.length > WIDE ? '}' : ''}`,
  ];
}

const alignment = ({ align, polynomial }: Column<unknown>): string =>
  polynomial ? 'p{0.62\\linewidth}' : align === 'right' ? 'r' : 'l';

const texOf = (column: Column<unknown>, row: unknown): string =>
  column.polynomial ? `$${polynomialTex(cell(column, row))}$` : escapeLatex(cell(column, row));

const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;

/** "52.5 g^2 h + 3 growth - 1/3 n" with its powers in braces and long names as words. */
export const polynomialTex = (text: string): string =>
  text
    .replaceAll(/\^(\d+)/g, '^{$1}')
    .replaceAll(/(\d+)\/(\d+)/g, '\\frac{$1}{$2}')
    .replaceAll(/[A-Za-z][A-Za-z0-9_]+/g, (name, at: number, all: string) =>
      all[at - 1] === '\\' ? name : `\\mathit{${name.replaceAll('_', '\\_')}}`,
    )
    .replaceAll(/(?<=[A-Za-z0-9}]) (?=[A-Za-z\\])/g, '\\,');

/** Escapes text for LaTeX. A letter that pdfTeX does not know stays as it is. */
export const escapeLatex = (text: string): string =>
  visible(text).replaceAll(/[\\{}&%$#_~^<>×±µ−≤≥|"]/g, (sign) => SIGNS[sign]!);

const SIGNS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '$<$',
  '>': '$>$',
  '|': '$|$',
  '"': "''",
  '×': '$\\times$',
  '±': '$\\pm$',
  µ: '$\\mu$',
  '−': '$-$',
  '≤': '$\\leq$',
  '≥': '$\\geq$',
};
