// The completion script of zsh: one function with a case for each command.

import type { Flag, Words } from './words.js';

/** @param models built-in names, which stand wherever a model may */
export function zshScript(all: readonly Words[], models: readonly string[]): string {
  const [root, ...commands] = all;
  return `#compdef flopscope
# zsh completion of flopscope, written by: flopscope completion zsh

_flopscope_models() {
  local -a models=(${models.map(quoted).join(' ')})
  compadd -a models
  _files
}

${commands.map((command) => functionOf(command, commands)).join('\n')}
_flopscope() {
  local -a commands=(
${listed(root!.below, '', commands)}
  )
  if (( CURRENT == 2 )) && [[ "$words[2]" != -* ]]; then
    _describe command commands
    _flopscope_models
    return
  fi
  case "$words[2]" in
${root!.below.map((name) => `    ${name}) shift words; (( CURRENT-- )); ${functionName(name)} ;;`).join('\n')}
    (*) _arguments ${root!.flags.flatMap(argumentsOf).map(quoted).join(' ')} '*: :_flopscope_models' ;;
  esac
}

# Read by the completion system as the file _flopscope, or by source.
if [[ "$funcstack[1]" == _flopscope ]]; then
  _flopscope "$@"
else
  compdef _flopscope flopscope
fi
`;
}

const functionName = (path: string): string => `_flopscope_${path.replaceAll(/\W/g, '_')}`;

function functionOf(command: Words, all: readonly Words[]): string {
  const { path, flags, values, below } = command;
  const inner =
    below.length === 0
      ? ''
      : `  local -a commands=(
${listed(below, `${path} `, all)}
  )
  if (( CURRENT == 2 )) && [[ "$words[2]" != -* ]]; then
    _describe command commands${values.length > 0 ? '' : '\n    return'}
  else
    case "$words[2]" in
${below.map((name) => `      ${name}) shift words; (( CURRENT-- )); ${functionName(`${path} ${name}`)}; return ;;`).join('\n')}
    esac
  fi
`;
  const first = values.length > 0 ? `'1: :(${values.join(' ')})'` : `'*: :_flopscope_models'`;
  return `${functionName(path)}() {
${inner}  _arguments ${flags.flatMap(argumentsOf).map(quoted).join(' ')} ${first}
}
`;
}

const listed = (names: readonly string[], before: string, all: readonly Words[]): string =>
  names
    .map((name) => {
      const about = all.find(({ path }) => path === before + name)?.about ?? '';
      return `    ${quoted(`${name}:${about.replaceAll(':', '\\:')}`)}`;
    })
    .join('\n');

/**
 * As _arguments reads a flag: "*--format=[how to print]: :(table json)"; the value stands behind
 * "=" or in the next word.
 */
const argumentsOf = ({ names, about, takesValue, values }: Flag): readonly string[] => {
  const value = !takesValue ? '' : values.length > 0 ? `: :(${values.join(' ')})` : ': :_files';
  return names.map(
    (name) =>
      `*${name}${takesValue && name.startsWith('--') ? '=' : ''}[${about.replaceAll(/[[\]\\]/g, '\\$&')}]${value}`,
  );
};

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
