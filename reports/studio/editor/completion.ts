// What can stand at a place of a config, by its JSON Schema: keys, kinds of layers, values.

interface Part {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly type?: string | readonly string[];
  readonly items?: Part;
  readonly properties?: Readonly<Record<string, Part>>;
}

/** The parts of `flopscope schema` that are read here. */
export interface ConfigSchema {
  readonly $defs: Readonly<Record<string, Part>>;
}

export interface Option {
  readonly label: string;
  readonly detail?: string;
  readonly info?: string;
  /** What is written, where it is more than the label. */
  readonly apply?: string;
}

export interface Options {
  /** Where the word begins that they take the place of. */
  readonly from: number;
  readonly options: readonly Option[];
  readonly validFor: RegExp;
}

const WORD = /[\w$.-]*$/;
const VALID = /^[\w$.-]*$/;

/** @param explicit the reader asked for it; else nothing is offered before a word has begun */
export function completionsAt(text: string, pos: number, schema: ConfigSchema, explicit: boolean): Options | null {
  const line = text.slice(text.lastIndexOf('\n', pos - 1) + 1, pos);
  if (/(^|\s)#/.test(line)) return null;
  const word = WORD.exec(line)![0];
  if (word === '' && !explicit) return null;
  const before = line.slice(0, line.length - word.length);
  const options = optionsFor(text, pos - line.length, before, schema);
  return options.length === 0 ? null : { from: pos - word.length, options, validFor: VALID };
}

function optionsFor(text: string, lineStart: number, before: string, schema: ConfigSchema): readonly Option[] {
  const top = topOf(text, schema);
  // A key of the config itself.
  if (before === '') return keysOf(top);
  const value = /^([\w$]+):\s+(?:\[[^\]]*)?$/.exec(before);
  if (value) return valuesOf(top[value[1]!]);
  const inside = enclosing(text.slice(0, lineStart) + before);
  if (!inside)
    return /^\s+-\s+$/.test(before) ? kindsOf(schema, true) : blockOptions(text.slice(0, lineStart), before, schema);
  const own = schema.$defs[`layer.${inside.key}`]?.properties;
  const field = /([\w$]+):\s*$/.exec(before)?.[1];
  if (own) return field === undefined ? keysOf(own) : valuesOf(own[field]);
  return field === undefined ? kindsOf(schema, false) : [];
}

/** The keys at the top: of the family that the text names, else of a config of layers. */
function topOf(text: string, { $defs }: ConfigSchema): Readonly<Record<string, Part>> {
  const family = /^family:\s*["']?([\w-]+)/m.exec(text)?.[1];
  const named = family === undefined ? undefined : $defs[`family.${family}`]?.properties;
  const families = Object.keys($defs).flatMap((key) => (key.startsWith('family.') ? [key.slice(7)] : []));
  const choice: Part = { enum: families, description: 'the family whose fields follow' };
  return named ? { ...named, family: choice } : { family: choice, ...$defs['layers']?.properties };
}

const keysOf = (parts: Readonly<Record<string, Part>>): readonly Option[] =>
  Object.entries(parts).map(([label, part]) => ({ label, apply: `${label}: `, ...aboutOf(part) }));

function aboutOf({ description, default: fallback }: Part): Partial<Option> {
  return {
    ...(fallback === undefined ? {} : { detail: `default ${JSON.stringify(fallback)}` }),
    ...(description === undefined ? {} : { info: description }),
  };
}

function valuesOf(part: Part | undefined): readonly Option[] {
  if (!part) return [];
  if (part.enum) return part.enum.map((label) => ({ label }));
  if (part.items?.enum) return part.items.enum.map((label) => ({ label }));
  return part.type === 'boolean' ? [{ label: 'true' }, { label: 'false' }] : [];
}

/** @param item the word starts an item of the list, so that its braces are still missing */
function kindsOf({ $defs }: ConfigSchema, item: boolean): readonly Option[] {
  const kinds = Object.entries($defs).flatMap(([key, { description }]) => {
    if (!key.startsWith('layer.')) return [];
    const label = key.slice(6);
    const apply = item ? `{ ${label}: {} }` : `${label}: {}`;
    return [{ label, apply, ...(description === undefined ? {} : { info: description }) }];
  });
  return item ? kinds : [...kinds, ...BESIDE];
}

const BESIDE: readonly Option[] = [
  { label: 'name', apply: 'name: ', info: 'what other layers call it' },
  { label: 'from', apply: 'from: ', info: 'the layer or layers that it reads' },
  { label: 'repeat', apply: 'repeat: ', info: 'how often it is repeated, each on the output of the one before' },
  { label: 'stage', apply: 'stage: ', info: 'part of the network; it holds until another layer names the next' },
];

/** The brace that is open at the end of a text, and the key before it; undefined where none is. */
function enclosing(text: string): { readonly key: string } | undefined {
  const start = Math.max(0, text.length - 2000);
  let depth = 0;
  for (let at = text.length - 1; at >= start; at--) {
    const letter = text[at];
    if (letter === '}') depth++;
    else if (letter === '{' && --depth < 0)
      return { key: /([\w$]+):\s*$/.exec(text.slice(Math.max(0, at - 100), at))?.[1] ?? '' };
  }
  return undefined;
}

/** In lines without braces the next line above with less indentation says what is described. */
function blockOptions(above: string, before: string, schema: ConfigSchema): readonly Option[] {
  const indent = /^\s*/.exec(before)![0].length;
  const field = /^\s*(?:-\s+)?([\w$]+):\s+$/.exec(before)?.[1];
  if (field === undefined && before.trim() !== '') return [];
  for (const line of above.split('\n').reverse()) {
    const [, space = '', dash = '', key] = /^(\s*)(-\s+)?([\w$]+):/.exec(line) ?? [];
    if (key === undefined || space.length + dash.length >= indent) continue;
    const own = schema.$defs[`layer.${key}`]?.properties;
    return own ? (field === undefined ? keysOf(own) : valuesOf(own[field])) : [];
  }
  return [];
}
