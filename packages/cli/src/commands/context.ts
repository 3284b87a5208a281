import type { Surroundings } from '../rollout/given/surroundings.ts';

/** What every command needs: an engine, a clock, a reporter, and facts about the process. */
export interface CommandContext extends Surroundings {
  readonly projectName: string;
  /** Name of this machine. */
  readonly host: string;
  /** The user's home directory, absolute. */
  readonly homeDirectory: string;
  /** Absolute path of the current directory. */
  readonly cwd: string;
  readonly settings: Settings;
  /** Asks the person at the terminal; undefined if there is no terminal. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
}

/** From the environment and from the env files. */
export interface Settings {
  /** LOBBIE_NODE_IMAGE */
  readonly nodeImage: string;
  /** LOBBIE_PORT */
  readonly port: number;
}
