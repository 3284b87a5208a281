/** Options of `lobbie deploy` that select the project and the engine; each takes a value. */
const CHOOSING = ['-f', '--file', '-p', '--project-name', '--env-file', '-H', '--host', '--context'];

/**
 * What to try after the first deploy: one command a line, with its effect.
 *
 * @param {readonly string[]} argv arguments of `lobbie deploy`: options that selected its project are repeated
 * @param {string} port of lobbie's API on this machine
 */
export function whatToTry(argv, port) {
  const lobbie = (command) => ['./node_modules/.bin/lobbie', command, ...choiceOf(argv).map(quoted)].join(' ');
  const hints = [
    [`curl localhost:${port}/file`, 'the file of the replica that answers'],
    [`curl localhost:${port}/files`, 'every file that other containers made before'],
    [lobbie('status'), 'the replicas, their health and their files'],
    [lobbie('recreate'), 'replaces every replica without losing a request'],
    [lobbie('history'), 'every container that has run'],
    [lobbie('down'), 'takes it all down; the history stays'],
  ];
  const width = Math.max(...hints.map(([command]) => command.length));
  return `\nWhat to try next:\n${hints.map(([command, what]) => `  ${command.padEnd(width)}  ${what}\n`).join('')}`;
}

/** The options of {@link CHOOSING} as given: `-p shop`, `-pshop`, `--project-name=shop`. */
function choiceOf(argv) {
  return argv.flatMap((argument, index) => {
    if (CHOOSING.includes(argument)) return argv.slice(index, index + 2);
    const short = /^-[fpH]./.test(argument) && !CHOOSING.includes(argv[index - 1]);
    return short || CHOOSING.some((option) => argument.startsWith(`${option}=`)) ? [argument] : [];
  });
}

/** Quotes a word for a shell. */
const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
