/** A command of a README's console block, and what it is said to print. */
export interface ConsoleLine {
  readonly command: string;
  readonly output: string;
}

/** Commands that set things up: they are done otherwise here. */
const SET_UP = /^(?:npm|npx|lobbie|docker|kubectl|flux|argocd|export|cd|hack\/)\b/;

/**
 * The commands of a README's ```console blocks with the output below each, in their order; a line that ends in a
 * backslash goes on. Blocks with a command that sets things up are left out as a whole.
 */
export function readConsole(readme: string): ConsoleLine[] {
  const blocks = [...readme.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, block = '']) => linesOf(block));
  return blocks.filter((lines) => !lines.some(({ command }) => SET_UP.test(command))).flat();
}

function linesOf(block: string): ConsoleLine[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      // A command goes on after a backslash at the end of its line.
      const end = part.search(/(?<!\\)\n/);
      return end === -1
        ? { command: part, output: '' }
        : { command: part.slice(0, end), output: part.slice(end + 1).trimEnd() };
    });
}
