import type { Scenario } from './scenario.ts';
import { again } from './scenarios/again.ts';
import { deploy } from './scenarios/deploy.ts';
import { history } from './scenarios/history.ts';
import { idle } from './scenarios/idle.ts';
import { recreate } from './scenarios/recreate.ts';
import { recreateLoaded } from './scenarios/recreate-loaded.ts';
import { status } from './scenarios/status.ts';
import { version } from './scenarios/version.ts';

/** All scenarios, in the order of the tables. */
export const SCENARIOS: readonly Scenario[] = [deploy, again, status, history, recreate, recreateLoaded, idle, version];
