/** A command in a README's console block, and its expected output. */
export interface ConsoleLine {
  readonly command: string;
  readonly output: string;
}

/** Commands that set things up. Other code does this here. */
const SET_UP = /^(?:npm|npx|lobbie|docker|kubectl|flux|argocd|export|cd|hack\/)\b/;

/**
 * The commands in a README's ```console blocks with the output below each, in order. A backslash at the end continues a
 * line. Blocks with a set-up command are left out as a whole.
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
      // A backslash at the end of a line continues the command.
      const end = part.search(/(?<!\\)\n/);
      return end === -1
        ? { command: part, output: '' }
        : { command: part.slice(0, end), output: part.slice(end + 1).trimEnd() };
    });
}
