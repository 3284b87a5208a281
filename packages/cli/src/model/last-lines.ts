/**
 * The last lines of a program's output, as a terminal shows them: a carriage return writes over its line. Leaves out
 * empty lines.
 */
export const lastLines = (output: string, most: number): string[] =>
  output
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .map((line) => line.slice(line.lastIndexOf('\r') + 1))
    .filter((line) => line !== '')
    .slice(-most);
