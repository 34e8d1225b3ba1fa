// The completion script of fish: one line for each word, under the condition where it may stand.

import type { Flag, Words } from './words.js';

/** @param models built-in names, which stand wherever a model may */
export function fishScript(all: readonly Words[], models: readonly string[]): string {
  const [root, ...commands] = all;
  const about = new Map(commands.map((one) => [one.path, one.about]));
  const withoutModels = commands
    .filter(({ path, below, values }) => !path.includes(' ') && below.length + values.length > 0)
    .map(({ path }) => path);
  const lines = [
    ...root!.below.map((name) => line('__fish_use_subcommand', [`-a ${quoted(name)}`, described(about.get(name)!)])),
    ...root!.flags.map((flag) => line('__fish_use_subcommand', flagParts(flag))),
    line(`not ${seen(withoutModels)}`, [`-a ${quoted(models.join(' '))}`]),
    ...commands.flatMap((command) => {
      const condition = conditionOf(command, commands);
      const open = `${condition}; and not ${seen(command.below)}`;
      return [
        ...command.below.map((name) =>
          line(open, [`-a ${quoted(name)}`, described(about.get(`${command.path} ${name}`)!)]),
        ),
        ...(command.values.length > 0 ? [line(condition, [`-a ${quoted(command.values.join(' '))}`])] : []),
        ...command.flags.map((flag) => line(condition, flagParts(flag))),
      ];
    }),
  ];
  return `# fish completion of flopscope, written by: flopscope completion fish\n\n${lines.join('\n')}\n`;
}

const seen = (names: readonly string[]): string => `__fish_seen_subcommand_from ${names.join(' ')}`;

/** Of two commands of one name, such as list and device list, one alone is meant. */
function conditionOf({ path }: Words, all: readonly Words[]): string {
  const [first = '', inner] = path.split(' ');
  if (inner !== undefined) return `${seen([first])}; and ${seen([inner])}`;
  const others = all.filter(({ below }) => below.includes(first)).map((one) => one.path);
  return others.length === 0 ? seen([first]) : `${seen([first])}; and not ${seen(others)}`;
}

const line = (condition: string, parts: readonly string[]): string =>
  `complete -c flopscope -n ${quoted(condition)} ${parts.join(' ')}`;

const flagParts = ({ names, about, takesValue, values }: Flag): readonly string[] => [
  ...names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)),
  ...(takesValue ? ['-r'] : []),
  ...(values.length > 0 ? [`-f -a ${quoted(values.join(' '))}`] : []),
  described(about),
];

const described = (about: string): string => `-d ${quoted(about)}`;

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
