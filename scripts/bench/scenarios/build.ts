import type { Bench } from '../bench.ts';
import { withCompose } from '../compose-contestant.ts';
import { runWatched } from '../run-watched.ts';
import { COMPOSE, LOBBIE, type Scenario } from '../scenario.ts';
import { type BuiltProject, builtProject } from '../stages/built-project.ts';
import { timeWith } from '../timed.ts';

/** A deploy of a project that is built, with and without a change. Compose uses `up --build`. */
export const BUILDS: readonly Scenario<BuiltProject>[] = [
  build('build-unchanged', 'deploy of a build, nothing changed', async () => undefined),
  build('build-changed', 'deploy of a build, one file changed', ({ changeFile }) => changeFile()),
];

function build(name: string, title: string, before: (project: BuiltProject) => Promise<void>): Scenario<BuiltProject> {
  return {
    name,
    title,
    sizeOf: 'MB',
    sizes: [1, 10, 100],
    // In 20,000 files.
    largeSizes: [1000],
    rounds: 3,
    metrics: [timeWith(), { key: 'memory', label: 'memory of the command', unit: 'MB', better: 'less', bars: [] }],
    stage: builtProject,
    contestants: (bench: Bench, project) => [
      {
        name: LOBBIE,
        before: () => before(project),
        measure: () => runWatched(bench.lobbieCommand('deploy', ...project.twins.lobbie.argv), bench.signal),
      },
      ...withCompose(bench, (compose) => [
        {
          name: COMPOSE,
          before: () => before(project),
          measure: () =>
            runWatched(compose.command(...project.twins.compose.argv, 'up', '--detach', '--build'), bench.signal),
        },
      ]),
    ],
  };
}
