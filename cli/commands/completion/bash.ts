// The completion script of bash. It completes files, too, since a model may be one.

import type { Words } from './words.js';

/** @param models built-in names, which stand wherever a model may */
export function bashScript(all: readonly Words[], models: readonly string[]): string {
  const [root] = all;
  const nested = all.filter(({ below, path }) => path !== '' && below.length > 0);
  const two = nested.map(({ path }) => path).join('|') || '-';
  return `# bash completion of flopscope, written by: flopscope completion bash

# Not mapfile, which the bash of macOS lacks.
_flopscope_reply() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$line"); done
}

_flopscope() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command='' one
  for one in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$one" in
      -*) continue ;;
    esac
    case "$command" in
      '') command="$one" ;;
      ${two}) command="$command $one"; break ;;
      *) break ;;
    esac
  done
  local flags='' words=''
  case "$command" in
${all.slice(1).map(branch).join('\n')}
    *) flags='${flagNames(root!)}' ; words='${root!.below.join(' ')}' ;;
  esac
  case "$command:$before" in
${values(all)}
  esac
  if [[ "$word" == -* ]]; then
    _flopscope_reply < <(compgen -W "$flags" -- "$word")
    return
  fi
  [[ -z "$command" || "$words" == '' ]] && words="$words ${models.join(' ')}"
  _flopscope_reply < <(compgen -W "$words" -- "$word"; compgen -f -- "$word")
  compopt -o filenames 2> /dev/null
}
complete -F _flopscope flopscope
`;
}

const flagNames = ({ flags }: Words): string => flags.flatMap(({ names }) => names).join(' ');

/** What may follow a command. */
const branch = (words: Words): string =>
  `    ${quoted(words.path)}) flags='${flagNames(words)}' ; words='${[...words.below, ...words.values].join(' ')}' ;;`;

const quoted = (text: string): string => (/^\w+$/.test(text) ? text : `'${text}'`);

/** The values of a flag in the word behind it. */
const values = (all: readonly Words[]): string =>
  all
    .flatMap(({ path, flags }) =>
      flags
        .filter((flag) => flag.values.length > 0)
        .map(
          (flag) =>
            `    ${flag.names.map((name) => `'${path}:${name}'`).join('|')}) _flopscope_reply < <(compgen -W '${flag.values.join(' ')}' -- "$word") ; return ;;`,
        ),
    )
    .join('\n');
