import { expect, it } from 'vitest';
import { z } from 'zod';
import { runJob } from '../../src/service/run-job.ts';
import { StartError } from '../../src/service/start-error.ts';

it('tells what came of the work, and exits with 0', async () => {
  expect(await run({ WHAT: 'schema' }, async ({ WHAT }) => `The ${WHAT} is up to date.`)).toEqual({
    out: 'The schema is up to date.\n',
    err: '',
    status: [0],
  });
});

it('names a missing variable in one line, and exits with 1 without working', async () => {
  expect(await run({}, async () => expect.unreachable())).toEqual({ out: '', err: 'WHAT: is missing\n', status: [1] });
});

it('tells a reason that can be mended in one line, and a bug with its stack', async () => {
  const mendable = await run({ WHAT: 'x' }, async () => {
    throw new StartError('The database cannot be reached.');
  });
  expect(mendable).toEqual({ out: '', err: 'The database cannot be reached.\n', status: [1] });
  const bug = await run({ WHAT: 'x' }, async () => {
    throw new TypeError('x is not a function');
  });
  expect(bug).toEqual({ out: '', err: expect.stringMatching(/^TypeError: x is not a function\n +at /), status: [1] });
});

async function run(env: Record<string, string>, work: (config: { WHAT: string }) => Promise<string>) {
  const told = { out: '', err: '', status: [] as number[] };
  await runJob(
    {
      env,
      stdout: { write: (text) => (told.out += text) },
      stderr: { write: (text) => (told.err += text) },
      exit: (status) => void told.status.push(status),
    },
    { WHAT: z.string() },
    work,
  );
  return told;
}
