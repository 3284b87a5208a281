import type { Scenario } from './scenario.ts';
import { again } from './scenarios/again.ts';
import { BUILDS } from './scenarios/build.ts';
import { changed } from './scenarios/changed.ts';
import { deploy } from './scenarios/deploy.ts';
import { file } from './scenarios/file.ts';
import { filesFirst, filesPage } from './scenarios/files.ts';
import { history } from './scenarios/history.ts';
import { idle } from './scenarios/idle.ts';
import { plan } from './scenarios/plan.ts';
import { recreate } from './scenarios/recreate.ts';
import { recreateLoaded } from './scenarios/recreate-loaded.ts';
import { status } from './scenarios/status.ts';
import { stopFirst } from './scenarios/stop-first.ts';
import { THROUGH } from './scenarios/through.ts';
import { version } from './scenarios/version.ts';

/**
 * All scenarios, in the order of the tables. On a stage that they share, they run in this order: those that change the
 * stage come last.
 */
export const SCENARIOS: readonly Scenario[] = [
  deploy,
  again,
  status,
  history,
  changed,
  recreate,
  recreateLoaded,
  stopFirst,
  ...BUILDS,
  idle,
  ...THROUGH,
  file,
  filesPage,
  filesFirst,
  version,
  plan,
];
