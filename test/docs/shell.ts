// Reads the commands of a shell script: words, quotes, comments, pipes. Enough for the blocks of the documentation.

/** The simple commands of a script, each as its words. */
export function shellCommands(script: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  const joined = script.replaceAll('\\\n', ' ');
  const tokens = joined.matchAll(
    /(?<comment>(?<=^|\s)#.*)|(?<end>\n|&&|\|\|?|;)|(?<word>(?:'[^']*'|"[^"]*"|[^\s;|&'"]|&(?!&))+)/gm,
  );
  for (const { groups = {} } of tokens)
    if (groups['end'] !== undefined) commands.push([]);
    else if (groups['word'] !== undefined)
      commands.at(-1)!.push(groups['word'].replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  return commands.map(withoutRedirections).filter(({ length }) => length > 0);
}

const REDIRECTION = /^\d?>{1,2}$/;

const withoutRedirections = (words: readonly string[]): readonly string[] =>
  words.filter((word, i) => !REDIRECTION.test(word) && !REDIRECTION.test(words[i - 1] ?? '') && !/^\d?>/.test(word));

/** What may stand before the name of a command. */
const BEFORE = /^(do|then|srun|exec|npx|!|if|\w+=.*)$/;

/** The arguments of every call of flopscope in a script. */
export const flopscopeCalls = (script: string): readonly (readonly string[])[] =>
  shellCommands(script).flatMap((words) => {
    const at = words.findIndex(
      (word, i) =>
        /(^|\/)flopscope$/.test(word) && !BEFORE.test(word) && words.slice(0, i).every((one) => BEFORE.test(one)),
    );
    return at < 0 ? [] : [words.slice(at + 1)];
  });
