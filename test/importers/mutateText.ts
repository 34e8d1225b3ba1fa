// How is a text spoilt? A few seeded changes: characters, words, lines and numbers, moved, doubled, cut or taken from another file.

import { randomOf } from './onnx/mutate.js';

type Random = ReturnType<typeof randomOf>;
type Mutation = (text: string, random: Random, others: readonly string[]) => string;

const NUMBERS = [
  '0',
  '-1',
  '1',
  '2',
  '3',
  '7',
  '64',
  '1000',
  '2147483648',
  '9007199254740993',
  '1e9',
  '0.5',
  '-0',
  'inf',
];
const MARKS = ['{', '}', '[', ']', ':', '=', ',', '"', '#', '\n', '\0', '\u202e', '<', '>', '-'];

const spliced = (text: string, at: number, length: number, piece: string): string =>
  text.slice(0, at) + piece + text.slice(at + length);

/** A word of the text and where it stands. */
function wordAt(text: string, random: Random, pattern: RegExp): readonly [at: number, word: string] | undefined {
  const from = random(text.length);
  const found = pattern.exec(text.slice(from, from + 400));
  return found ? [from + found.index, found[0]] : undefined;
}

function lines(change: (all: string[], random: Random) => void): Mutation {
  return (text, random) => {
    const all = text.split('\n');
    change(all, random);
    return all.join('\n');
  };
}

const MUTATIONS: readonly Mutation[] = [
  (text, random) => spliced(text, random(text.length), 1, String.fromCharCode(random(256))),
  (text, random) => spliced(text, random(text.length), 0, MARKS[random(MARKS.length)]!),
  (text, random) => spliced(text, random(text.length), 1 + random(40), ''),
  (text, random) => text.slice(0, random(text.length)),
  (text, random) => {
    const found = wordAt(text, random, /-?\d+(\.\d+)?/);
    return found ? spliced(text, found[0], found[1].length, NUMBERS[random(NUMBERS.length)]!) : text;
  },
  (text, random) => {
    const [one, other] = [wordAt(text, random, /[A-Za-z_]\w*/), wordAt(text, random, /[A-Za-z_]\w*/)];
    return one && other ? spliced(text, one[0], one[1].length, other[1]) : text;
  },
  lines((all, random) => all.splice(random(all.length), 1 + random(3))),
  lines((all, random) => all.splice(random(all.length), 0, ...all.slice(0, random(Math.min(all.length, 40))))),
  lines((all, random) => {
    const [moved] = all.splice(random(all.length), 1);
    all.splice(random(all.length + 1), 0, moved ?? '');
  }),
  (text, random, others) => {
    const other = others[random(others.length)]!;
    return spliced(text, random(text.length), random(200), other.slice(random(other.length)).slice(0, random(400)));
  },
];

/** One to four changes of one of the texts, the same for the same seed. */
export function spoilt(texts: readonly string[], seed: number): string {
  const random = randomOf(seed);
  let text = texts[random(texts.length)]!;
  for (let left = 1 + random(4); left > 0 && text.length > 0; left--)
    text = MUTATIONS[random(MUTATIONS.length)]!(text, random, texts);
  return text;
}
