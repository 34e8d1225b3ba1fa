// Reads a Darknet .cfg as sections of options, as parser.c and option_list.c do.

import { InputError } from '../../inputError.js';
import { clipped, shown } from '../../document/problem.js';
import { Section, type Option } from './section.js';

/** The largest networks have a few hundred layers. */
const MOST_SECTIONS = 20_000;
const MOST_OPTIONS = 500_000;
const LONGEST_LINE = 100_000;

/**
 * Blanks count nowhere, not even inside of a name; lines that begin with # or ; are comments. A
 * line that is neither a section nor an option stops this reader, though Darknet prints a message
 * and goes on: its cost is not known.
 * @throws InputError that names the line
 */
export function sectionsIn(text: string, fileName: string): readonly Section[] {
  const sections: Section[] = [];
  const fail = (line: number, sentence: string): never => {
    throw new InputError(`${fileName}:${line}: ${sentence}`);
  };
  let options: Map<string, Option> | undefined;
  let [line, count] = [0, 0];
  for (const raw of linesIn(text)) {
    line++;
    if (raw.length > LONGEST_LINE) fail(line, `a line of ${raw.length} characters is no line of a Darknet .cfg`);
    const stripped = raw.replaceAll(/[\s\uFEFF\0]+/g, '');
    const first = stripped[0];
    if (first === undefined || first === '#' || first === ';') continue;
    if (first === '[') {
      const [, type] = /^\[([^[\]]+)\](?:[#;].*)?$/.exec(stripped) ?? [];
      if (type === undefined) return fail(line, `${shown(stripped)} is no section: write [name]`);
      if (sections.length >= MOST_SECTIONS) fail(line, `the file has more than ${MOST_SECTIONS} sections`);
      options = new Map();
      sections.push(new Section(clipped(type, 60), line, options, fileName));
      continue;
    }
    const equals = stripped.indexOf('=');
    if (options === undefined)
      return fail(line, `${shown(stripped)} stands before the first section: a Darknet .cfg begins with [net]`);
    if (equals < 1) fail(line, `${shown(stripped)} is neither a section nor key=value`);
    if (++count > MOST_OPTIONS) fail(line, `the file has more than ${MOST_OPTIONS} options`);
    const key = stripped.slice(0, equals);
    if (!options.has(key)) options.set(key, { value: stripped.slice(equals + 1), line });
  }
  return sections;
}

/** One line at a time: a million of them are never held at once. */
function* linesIn(text: string): Iterable<string> {
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    yield text.slice(start, end);
    start = end + 1;
  }
}
