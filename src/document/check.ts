// Checks data against rules: each violation is one sentence with the field, the rule and the value.

import type * as z from 'zod';
import { disagreements } from '../agreement.js';
import { fieldAt, type Field, type Fields } from '../fields.js';
import { likely } from '../nearest.js';
import { clipped, MOST_PROBLEMS, shown, valueAt, type Path, type Problem } from './problem.js';
import { phraseOf } from './rules.js';

/** A mapping whose keys are described by fields, or by rules of their own. */
export interface Mapping {
  /** The owner of the keys as messages call it: "conv", "a free config". */
  readonly owner: string;
  /** The prefix of every key in a message. */
  readonly prefix?: string;
  readonly fields: Fields;
  /** Completes "key must be ..." for keys that are not fields. */
  readonly phrases?: Readonly<Record<string, string>>;
  readonly rule: z.ZodObject;
}

type Given = Readonly<Record<string, unknown>>;

/** The problems of a mapping, each once. A problem that follows from another is left out. */
export function check(mapping: Mapping, data: unknown, at: Path): readonly Problem[] {
  const result = mapping.rule.safeParse(data);
  if (result.success) return togetherProblems(mapping, data as Given, at);
  const problems = new Map<string, Problem>();
  // A misspelt key explains a missing one.
  const issues = [...result.error.issues].sort((a, b) => Number(isUnknownKey(b)) - Number(isUnknownKey(a)));
  for (const issue of issues.slice(0, MOST_PROBLEMS))
    for (const problem of problemsOf(issue, mapping, data, at)) problems.set(problem.path.join('.'), problem);
  return withoutConsequences([...problems.values()], mapping, at);
}

/** A misspelt field is one problem, at the place of the misspelt key, not two. */
function withoutConsequences(problems: readonly Problem[], { rule }: Mapping, at: Path): readonly Problem[] {
  const key = ({ path }: Problem): string => String(path[at.length]);
  const meant = new Set(
    problems.flatMap((problem) => (problem.onKey ? likely(key(problem), Object.keys(rule.shape)) : [])),
  );
  return problems.filter((problem) => !(problem.missing && meant.has(key(problem))));
}

const isUnknownKey = (issue: z.core.$ZodIssue): issue is z.core.$ZodIssueUnrecognizedKeys =>
  issue.code === 'unrecognized_keys';

function problemsOf(issue: z.core.$ZodIssue, mapping: Mapping, data: unknown, at: Path): readonly Problem[] {
  const { owner, rule, fields, phrases = {}, prefix = '' } = mapping;
  const inside = issue.path.filter((step) => typeof step !== 'symbol');
  if (isUnknownKey(issue) && inside.length === 0)
    return issue.keys.slice(0, MOST_PROBLEMS).map((key) => ({
      message: unknown(`${owner} has no field`, key, Object.keys(rule.shape)),
      path: [...at, key],
      onKey: true,
    }));
  if (inside.length === 0) return [{ message: `${owner} is a mapping of its fields, not ${shown(data)}`, path: at }];
  // A problem deep inside a value is reported for the part that has a phrase: a pair, not its
  // second number.
  for (let length = inside.length; length > 0; length--) {
    const path = inside.slice(0, length);
    const field = fieldAt(fields, path.map(String));
    const phrase = field ? phraseOf(field) : phrases[path.join('.')];
    if (phrase === undefined) continue;
    const value = valueAt(data, path);
    return [
      {
        message: field
          ? fieldFault(prefix + path.join('.'), field, value)
          : wrong(prefix + path.join('.'), value, phrase, ''),
        path: [...at, ...path],
        missing: value === undefined,
      },
    ];
  }
  return [{ message: `${prefix}${inside.join('.')}: ${issue.message}`, path: [...at, ...inside] }];
}

const MOST = `at most ${Number.MAX_SAFE_INTEGER}`;
/** A phrase without a greatest value does not explain why a number is too large to be exact. */
const endless = (field: Field<unknown>): boolean => field.most === undefined;
const isPast = (value: unknown): boolean => Number.isInteger(value) && !Number.isSafeInteger(value);

/** The message about a value that its field does not accept. */
export const fieldFault = (key: string, field: Field<unknown>, value: unknown): string =>
  wrong(key, value, endless(field) && isPast(value) ? MOST : phraseOf(field), ` (${field.about})`);

function wrong(key: string, value: unknown, phrase: string, about: string): string {
  if (value === undefined) return `${key} is missing${about}: give ${phrase}`;
  if (value === null) return `${key} is empty${about}: give ${phrase}`;
  return `${key} must be ${phrase}, not ${shown(value)}${about}`;
}

/** "what "key"", with the known names that are likely meant. */
export function unknown(what: string, key: string, known: readonly string[]): string {
  const guesses = likely(key, known).map((guess) => clipped(guess));
  const help = guesses.length === 0 ? 'it takes none' : `the nearest ${guesses.length === 1 ? 'is' : 'are'}`;
  return `${what} ${shown(key)}; ${[help, guesses.join(', ')].filter(Boolean).join(' ')}`;
}

/** Checks of several fields together, which the rule of one field cannot make. */
const togetherProblems = ({ fields, prefix = '' }: Mapping, data: Given, at: Path): readonly Problem[] =>
  disagreements(fields, data).map(({ key, message, onKey }) => ({
    message: prefix + message,
    path: [...at, key],
    onKey,
  }));
