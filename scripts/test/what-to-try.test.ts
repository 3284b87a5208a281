import { describe, expect, it } from 'vitest';
import { whatToTry } from '../what-to-try.mjs';

const commands = (...argv: string[]): string[] =>
  whatToTry(argv, '8080')
    .split('\n')
    .flatMap((line) => /^ {2}\.\/node_modules\/\.bin\/(lobbie .*?) {2}/.exec(line)?.[1] ?? []);

describe('whatToTry', () => {
  it('shows a command a line, with what it does', () => {
    expect(whatToTry(['--timeout', '60'], '9000')).toBe(`
What to try next:
  curl localhost:9000/file             the file of the replica that answers
  curl localhost:9000/files            every file that other containers made before
  ./node_modules/.bin/lobbie status    the replicas, their health and their files
  ./node_modules/.bin/lobbie recreate  replaces every replica without losing a request
  ./node_modules/.bin/lobbie history   every container that has run
  ./node_modules/.bin/lobbie down      takes it all down; the history stays
`);
  });

  it.each([
    [['-p', 'shop', '--build'], '-p shop'],
    [['-pshop'], '-pshop'],
    [['--project-name=shop', '--scale', 'api=3'], '--project-name=shop'],
    [
      ['-f', 'compose.yaml', '--env-file', 'my env', '--context', 'far'],
      "-f compose.yaml --env-file 'my env' --context far",
    ],
  ])('repeats of %j what chooses the project', (argv, options) => {
    expect(commands(...argv)).toEqual(
      ['status', 'recreate', 'history', 'down'].map((command) => `lobbie ${command} ${options}`),
    );
  });
});
