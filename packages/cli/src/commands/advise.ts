import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { LoadedCompose } from '../compose/read/load-compose.ts';
import type { ErrorFacts } from '../model/error-facts.ts';
import { LobbieError, reworded } from '../model/errors.ts';
import type { Project } from '../model/project.ts';
import type { CommandContext } from './context.ts';

/** A deploy's project, its Compose files, and the command that the user typed. */
export interface Deployed {
  readonly project: Project;
  readonly loaded: LoadedCompose;
  /** `lobbie deploy`, `lobbie deploy --demo` */
  readonly command: string;
}

/** Adds to an error the setting or the line of the Compose file to change. */
export async function advise(error: unknown, context: CommandContext, deployed?: Deployed): Promise<unknown> {
  if (!(error instanceof LobbieError)) return error;
  const advice = await adviceOn(error, context, deployed);
  if (advice === undefined) return error;
  const { hint } = error;
  return reworded(error, { hint: hint === undefined ? advice : `${hint}\n${advice}` });
}

async function adviceOn(
  { code, facts }: LobbieError,
  { settings, cwd }: CommandContext,
  deployed: Deployed | undefined,
): Promise<string | undefined> {
  const command = deployed?.command ?? 'lobbie deploy';
  if (code === 'PORT_IN_USE' && deployed !== undefined) return otherPort(facts.port, deployed, cwd);
  if (code !== 'IMAGE_PULL_FAILED') return undefined;
  const builds = deployed?.project.services.flatMap(({ build }) => build?.args.NODE_IMAGE ?? []);
  if (builds?.includes(settings.nodeImage) && facts.image === settings.nodeImage)
    return `Or use an image with Node 24 that is on the engine: LOBBIE_NODE_IMAGE=<image> ${command}`;
  return undefined;
}

/** Names the variable that sets the port, or the line of the Compose file. */
async function otherPort(
  port: ErrorFacts['port'],
  { project, loaded, command }: Deployed,
  cwd: string,
): Promise<string> {
  const ports = project.services.find(({ name }) => name === port?.service)?.ports ?? [];
  const index = ports.findIndex(
    ({ published, protocol }) => published === port?.published && protocol === port.protocol,
  );
  const position = loaded.locate(`services.${port?.service}.ports[${Math.max(0, index)}]`);
  if (position === undefined) return 'Or publish another port.';
  const text = await readFile(position.file, 'utf8').catch(() => '');
  const variable = /\$\{?([A-Za-z_]\w*)/.exec(text.split('\n')[position.line - 1] ?? '')?.[1];
  return variable === undefined
    ? `Or publish another port: ${relative(cwd, position.file) || position.file}:${position.line}`
    : `Or publish another port: ${variable}=<port> ${command}`;
}
