import type { Surroundings } from '../rollout/context.ts';

/** What every command runs with: an engine, time, a way to tell, and the little that the process knows. */
export interface CommandContext extends Surroundings {
  readonly projectName: string;
  /** Name of this machine. */
  readonly host: string;
  /** Of the user, absolute. */
  readonly homeDirectory: string;
  /** Absolute path of the current directory. */
  readonly cwd: string;
  readonly settings: Settings;
  /** Asks the person at the terminal; undefined where there is none. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
}

/** From the environment and from `.env` in the current directory. */
export interface Settings {
  /** LOBBIE_NODE_IMAGE */
  readonly nodeImage: string;
  /** LOBBIE_PORT */
  readonly port: number;
}
