import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { history } from '../../src/commands/history.ts';
import { recreate } from '../../src/commands/recreate.ts';
import { scale } from '../../src/commands/scale.ts';
import { status } from '../../src/commands/status.ts';
import { exitStatusOfError } from '../../src/exit-status.ts';
import { findKeeper, LEDGER } from '../../src/ledger/keeper.ts';
import { LABEL } from '../../src/model/names.ts';
import type { Project } from '../../src/model/project.ts';
import type { Result } from '../../src/model/results.ts';
import type { ServiceFile } from '../../src/model/service.ts';
import { impacts } from '../../src/plan/impacts.ts';
import { realClock } from '../../src/real-clock.ts';
import { createReporter } from '../../src/report/create-reporter.ts';
import type { RolloutRequest } from '../../src/rollout/given/request.ts';
import { planOnly } from '../../src/rollout/plan-only.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';
import { askEngine } from './ask-engine.ts';
import { commandContext } from './command-context.ts';
import { lightProject } from './light-project.ts';

const SENTINEL = 'fd93aVerySecretWord';
const SECRETS = {
  API_KEY: `${SENTINEL}-1`,
  DB_PASSWORD: `${SENTINEL}-2`,
  DATABASE_URL: `postgres://user:${SENTINEL}-3@db:5432/app`,
};
/** Of two lines, each of which is to be kept. */
const SECRET_FILE: ServiceFile = {
  kind: 'secret',
  name: 'db_password',
  target: '/run/secrets/db_password',
  content: Buffer.from(`${SENTINEL}-5\nand also ${SENTINEL}-6\n`).toString('base64'),
  uid: 1000,
  gid: 1000,
  mode: 0o400,
};
/** Says what it was given, as a careless service does; and then works, or does not. */
const careless = (ends: string): readonly string[] => [
  'node',
  '-e',
  `const file = require('node:fs').readFileSync('${SECRET_FILE.target}', 'utf8'); console.error(process.env.API_KEY, process.env.DATABASE_URL); console.error(file); ${ends}`,
];
const SERVES = `require('node:http').createServer((q, r) => r.end(JSON.stringify({ key: process.env.API_KEY, url: process.env.DATABASE_URL, file }))).listen(3000)`;

describeEngine('secrets', (engine) => {
  it('are shown nowhere and written down nowhere, and reach the containers all the same', async () => {
    const told: string[] = [];
    await using context = testContext(engine, {});
    const reporters = (['tty', 'plain', 'json', 'quiet'] as const).map((mode) => {
      const sink = () =>
        new Writable({
          write: (chunk, _encoding, done) => {
            told.push(String(chunk));
            done();
          },
        });
      const [out, err] = [sink(), sink()];
      return createReporter({
        mode,
        out,
        err,
        colour: false,
        clock: realClock,
        exitStatusOf: exitStatusOfError,
        mask: context.secrets.text,
      });
    });
    const heard: TestContext = {
      ...context,
      report: (event) => {
        for (const reporter of reporters) reporter.event(event);
      },
    };
    const tell = <T extends Result>(result: T): T => {
      for (const reporter of reporters) reporter.result(result);
      return result;
    };
    const projectOf = (ends: string, build?: Project['services'][number]['build']): Project =>
      lightProject({
        name: context.project,
        history: context.history,
        service: {
          entrypoint: careless(ends),
          environment: SECRETS,
          files: [SECRET_FILE],
          report: '/',
          ...(build && { image: `${context.project}-api`, build }),
        },
      });
    const requestOf = (project: Project): RolloutRequest => ({
      project,
      command: 'deploy',
      recreate: [],
      asDeployed: false,
    });
    const commands = commandContext(heard);

    const { plan, desired, observed } = await planOnly(heard, requestOf(projectOf(SERVES)));
    tell({ type: 'plan', project: context.project, plan, impacts: impacts(desired, observed, plan) });
    const first = tell(await rollOut(heard, requestOf(projectOf(SERVES))));
    expect(first.outcome).toBe('deployed');
    const url = first.url[0] ?? '';
    const file = Buffer.from(SECRET_FILE.content, 'base64').toString('utf8');
    const given = { key: SECRETS.API_KEY, url: SECRETS.DATABASE_URL, file };
    expect(await (await fetch(url)).json()).toEqual(given);

    const failed = tell(await rollOut(heard, requestOf(projectOf('process.exit(3)'))));
    expect(failed).toMatchObject({ outcome: 'failed-restored', error: { code: 'GATE_FAILED' } });
    // What it wrote is told, without the secrets.
    expect(told.join('')).toMatch(/\*\*\* postgres:\/\/user:\*\*\*@db:5432/);

    // From the ledger alone: what was sealed there is what the new containers get.
    expect(tell(await recreate(commands, [], false))).toMatchObject({ outcome: 'deployed' });
    expect(await (await fetch(url)).json()).toEqual(given);
    expect(tell(await scale(commands, new Map([['api', 1]]), false))).toMatchObject({ outcome: 'deployed' });
    expect(await (await fetch(url)).json()).toEqual(given);
    tell(await status(commands));
    tell(await history(commands, undefined));

    const build = await failingBuild(context);
    const broken = rollOut(heard, requestOf(projectOf(SERVES, build)));
    const failure: unknown = await broken.then(tell, (error: unknown) => error);
    for (const reporter of reporters) reporter.error(failure);

    for (const reporter of reporters) reporter.close();
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter(givesAway)).toEqual([]);
    expect(await ledgerFiles(context)).toEqual([]);
    expect(givesAway(await labels(context))).toBe(false);
  });
});

/** As text, and as a secret's content is carried. */
const givesAway = (text: string): boolean => text.includes(SENTINEL) || text.includes(SECRET_FILE.content);

/** A build that shows a secret arg and fails. */
async function failingBuild(context: TestContext): Promise<NonNullable<Project['services'][number]['build']>> {
  const directory = join(dirname(context.history), 'build');
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'Dockerfile'),
    `FROM ${NODE_IMAGE}\nARG BUILD_TOKEN\nRUN echo "the token is $BUILD_TOKEN" >&2 && exit 7\n`,
  );
  return { context: directory, dockerfile: 'Dockerfile', args: { BUILD_TOKEN: `${SENTINEL}-4` } };
}

/** Files of the ledger that hold the sentinel; those of releases and state are many. */
async function ledgerFiles({ engine, project }: TestContext): Promise<string[]> {
  const keeper = await findKeeper(engine, project);
  const names: string[] = [];
  const found: string[] = [];
  for await (const { name, content } of engine.readFiles(keeper?.id ?? '', LEDGER, { mostBytes: Infinity })) {
    names.push(name);
    if (givesAway(content?.toString('utf8') ?? '')) found.push(name);
  }
  expect(names.length).toBeGreaterThan(8);
  return found;
}

async function labels({ engine, project }: TestContext): Promise<string> {
  const containers = await engine.listContainers({ [LABEL.project]: project });
  const images = await Promise.all(containers.map(({ image }) => askEngine(engine, `/images/${image}/json`)));
  const network = await engine.inspectNetwork(`${project}_default`);
  return JSON.stringify([containers, images, network]);
}
