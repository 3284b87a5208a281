import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { HEALTHCHECK, serverOf, type Twins, writeTwins } from '../project.ts';
import type { Stage } from '../scenario.ts';

export interface BuiltProject {
  readonly twins: Twins;
  /** Writes new content into one of the files. */
  changeFile(): Promise<void>;
}

const FILE_BYTES = 50_000;
const FILES_PER_DIRECTORY = 200;

/** A project that is built from random files, deployed by lobbie and by Compose. The size is that of its context in MB. */
export const builtProject: Stage<BuiltProject> = {
  name: 'a project that is built',
  prepare: async (bench, megabytes) => {
    const context = join(bench.directory, 'context');
    bench.defer(() => rm(context, { recursive: true, force: true }));
    const files = await writeFiles(context, (megabytes * 1_000_000) / FILE_BYTES);
    await writeFile(join(context, 'Dockerfile'), dockerfile(bench));
    const web = { build: { context }, healthcheck: HEALTHCHECK, ports: [{ target: 3000 }] };
    const twins = await writeTwins(bench, { web });
    await bench.lobbie('deploy', ...twins.lobbie.argv);
    await bench.compose?.run(...twins.compose.argv, 'up', '--detach', '--build');
    return { twins, changeFile: () => writeFile(files[0] ?? '', randomBytes(FILE_BYTES)) };
  },
};

async function writeFiles(context: string, count: number): Promise<string[]> {
  const files = Array.from({ length: count }, (_, at) =>
    join(context, `part-${Math.floor(at / FILES_PER_DIRECTORY)}`, `${at}.bin`),
  );
  for (const [at, file] of files.entries()) {
    if (at % FILES_PER_DIRECTORY === 0) await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, randomBytes(FILE_BYTES));
  }
  return files;
}

const dockerfile = (bench: Bench): string => {
  const { image, entrypoint } = serverOf(bench);
  return `FROM ${image}\nCOPY . /context\nENTRYPOINT ${JSON.stringify(entrypoint)}\n`;
};
