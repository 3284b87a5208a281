import { once } from 'node:events';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import type { ComposeSource } from './commands/compose-source.ts';
import type { CommandContext } from './commands/context.ts';
import { EXIT, type ExitStatus, exitStatusOf, exitStatusOfError } from './exit-status.ts';
import { leftHalfDone, type Standing, standingAfter } from './left-half-done.ts';
import type { HearCall } from './model/engine-call.ts';
import { LobbieError } from './model/errors.ts';
import type { Report } from './model/events.ts';
import type { Result } from './model/results.ts';
import type { SecretMask } from './model/secret-mask.ts';
import type { ProcessIo } from './process-io.ts';
import { readSettings } from './read-settings.ts';
import type { DebugLog } from './report/debug-log.ts';
import type { Reporter } from './report/reporter.ts';

/** Options that every command takes. */
export interface CommonOptions {
  readonly host?: string;
  readonly context?: string;
  /** `-f` */
  readonly file?: readonly string[];
  readonly projectName?: string;
  readonly profile?: readonly string[];
  readonly envFile?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly debug?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** What a command receives: where its Compose files are, and how to open the engine. */
export interface Session {
  readonly source: ComposeSource;
  readonly reporter: Reporter;
  /** Opens the engine for a project. Without a name, uses the one of `-p` or of the Compose files. */
  readonly open: (projectName?: string) => Promise<CommandContext>;
}

/** Read-only commands: a signal can end them at once. */
const AT_ONCE: ReadonlySet<string> = new Set(['history', 'status']);

/** Runs one command: opens the reporter, handles signals, reports the result, and closes everything. */
export async function runCommand(
  io: ProcessIo,
  name: string,
  options: CommonOptions,
  command: (session: Session) => Promise<Result | undefined>,
): Promise<ExitStatus> {
  const { createReporter } = await import('./report/create-reporter.ts');
  const { secrets } = io;
  const debug = await openDebugLog(io, options, secrets);
  const reporter = createReporter({
    mode: options.json ? 'json' : options.quiet ? 'quiet' : isCapable(io) && debug === undefined ? 'tty' : 'plain',
    out: io.stdout,
    err: io.stderr,
    colour: options.color && !io.env.NO_COLOR,
    unicode: /utf-?8/i.test(io.env.LC_ALL || io.env.LC_CTYPE || io.env.LANG || '') || io.platform !== 'linux',
    clock: io.clock,
    exitStatusOf: exitStatusOfError,
    mask: secrets.text,
    bugsUrl: io.bugsUrl,
  });
  // Undefined while the command can end at any time.
  let standing: Standing | undefined;
  const close = (): void => {
    reporter.close();
    debug?.close();
  };
  const interrupt = hearSignals(io, { error: reporter.error, close }, () => standing);
  const report: Report = (event) => {
    if (standing !== undefined) standing = standingAfter(standing, event);
    reporter.event(event);
  };
  const source = { ...sourceOf(io, options), secrets };
  let opened: CommandContext | undefined;
  const open = async (projectName?: string): Promise<CommandContext> => {
    const { demoFromHere, findProjectName } = await import('./commands/find-project.ts');
    // Reads the files while it connects to the engine. If both fail, the engine's error is reported.
    const naming = projectName === undefined ? findProjectName(source) : Promise.resolve(projectName);
    naming.catch(() => undefined);
    opened = await openContext(io, name, options, { signal: interrupt.signal, report, secrets }, debug?.hear);
    if (!AT_ONCE.has(name)) standing = { at: 'looking' };
    opened = { ...opened, projectName: (await naming) ?? (await demoFromHere(source, opened)) };
    if (name === 'down') standing = { at: 'taking-down', project: opened.projectName };
    return opened;
  };
  try {
    const result = await command({ source, reporter, open });
    if (result === undefined) return EXIT.ok;
    reporter.result(result);
    return exitStatusOf(result);
  } catch (error) {
    // The engine may refuse something while the ledger is being read, and its message may contain a secret from there.
    if (!interrupt.signal.aborted) await Promise.race([secrets.settled(), once(interrupt.signal, 'abort')]);
    reporter.error(unwrapped(error));
    return exitStatusOfError(error);
  } finally {
    opened?.engine.close();
    interrupt.stop();
    close();
  }
}

const sourceOf = (io: ProcessIo, options: CommonOptions): ComposeSource => ({
  cwd: io.cwd,
  env: io.env,
  homeDirectory: io.homeDirectory,
  demoFile: fileURLToPath(new URL('demo/compose.yaml', io.base)),
  ...(options.file !== undefined && { files: options.file }),
  ...(options.projectName !== undefined && { projectName: options.projectName }),
  ...(options.profile !== undefined && { profiles: options.profile }),
  ...(options.envFile !== undefined && { envFiles: options.envFile }),
});

/** With `--debug`, progress is written as plain lines: live lines would overwrite the log. */
async function openDebugLog(
  io: ProcessIo,
  { debug }: CommonOptions,
  secrets: SecretMask,
): Promise<DebugLog | undefined> {
  const { LOBBIE_DEBUG = '' } = io.env;
  if (!debug && ['', '0', 'false', 'no'].includes(LOBBIE_DEBUG.toLowerCase())) return undefined;
  const { createDebugLog } = await import('./report/debug-log.ts');
  return createDebugLog({ err: io.stderr, now: () => io.clock.now(), mask: secrets.text });
}

/** Output to a terminal that cannot move its cursor is the same as to a file. */
const isCapable = ({ stderr, env }: ProcessIo): boolean => stderr.isTTY === true && env.TERM !== 'dumb';

async function openContext(
  io: ProcessIo,
  name: string,
  options: CommonOptions,
  { signal, report, secrets }: Pick<CommandContext, 'signal' | 'report' | 'secrets'>,
  hear: HearCall | undefined,
): Promise<CommandContext> {
  const [{ connectEngine }, { ingressDockerfile }, { customAlphabet }, settings] = await Promise.all([
    import('./engine/connect-engine.ts'),
    import('./ingress/ingress-dockerfile.ts'),
    import('nanoid'),
    readSettings({ env: io.env, cwd: io.cwd, envFiles: options.envFile }),
  ]);
  const engine = await connectEngine({
    clock: io.clock,
    env: io.env,
    homeDirectory: io.homeDirectory,
    platform: io.platform,
    ...(options.host !== undefined && { host: options.host }),
    ...(options.context !== undefined && { context: options.context }),
    ...(hear && { hear }),
  });
  const dockerfile = fileURLToPath(ingressDockerfile(io.base));
  return {
    engine,
    clock: io.clock,
    report,
    signal,
    secrets,
    newRelease: customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 6),
    holder: `${io.user}, lobbie ${name}`,
    ingressBuild: {
      context: dirname(dockerfile),
      dockerfile: basename(dockerfile),
      args: { DEBIAN_IMAGE: settings.debianImage },
    },
    ...(settings.ingressImage !== '' && { namedIngressImage: settings.ingressImage }),
    ...(options.timeout !== undefined && { gateTimeoutMs: options.timeout }),
    projectName: options.projectName ?? '',
    host: io.host,
    homeDirectory: io.homeDirectory,
    cwd: io.cwd,
    settings,
    confirm: io.stdin.isTTY && io.stderr.isTTY ? (question) => confirm(io, secrets.text(question), signal) : undefined,
  };
}

/**
 * The first signal ends the command in order, or at once if nothing has begun. The second ends it at once and says what
 * is left; the next command cleans up.
 */
function hearSignals(
  io: ProcessIo,
  reporter: Pick<Reporter, 'error' | 'close'>,
  standing: () => Standing | undefined,
): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const stop = io.onSignal((signal) => {
    // A closing terminal sends SIGHUP twice: from the kernel and from the shell.
    if (controller.signal.aborted && signal === 'SIGHUP') return;
    const ended = endedBy(signal);
    const stands = standing();
    if (controller.signal.aborted || stands === undefined) {
      const left = controller.signal.aborted && stands !== undefined ? leftHalfDone(stands, signal) : undefined;
      if (left !== undefined) reporter.error(left);
      reporter.close();
      io.exit(exitStatusOfError(left ?? ended));
    }
    controller.abort(ended);
  });
  return { signal: controller.signal, stop };
}

const endedBy = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): LobbieError =>
  new LobbieError(signal === 'SIGINT' ? 'INTERRUPTED' : 'TERMINATED', `Interrupted by ${signal}.`, {
    hint: 'Run the same command again when you are ready.',
  });

/** @throws LobbieError `INTERRUPTED` or `TERMINATED` by a signal instead of an answer */
async function confirm({ stdin, stderr }: ProcessIo, question: string, signal: AbortSignal): Promise<boolean> {
  const asking = createInterface({ input: stdin, output: stderr });
  const closed = new Promise<undefined>((resolve) => asking.once('close', () => resolve(undefined)));
  // While a prompt is open, Ctrl-C goes to the prompt, and the process gets no signal.
  const interrupted = new Promise<LobbieError>((resolve) => asking.once('SIGINT', () => resolve(endedBy('SIGINT'))));
  try {
    const answered = asking.question(`${question} [y/N] `, { signal }).catch(() => undefined);
    const answer = await Promise.race([answered, closed, interrupted]);
    // Only an answer ends the line.
    if (typeof answer !== 'string') stderr.write('\n');
    signal.throwIfAborted();
    if (answer instanceof LobbieError) throw answer;
    return answer !== undefined && /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}

/** Shows a bug with the stack of its original cause. */
const unwrapped = (error: unknown): unknown =>
  error instanceof LobbieError && error.code === 'BUG' && error.cause !== undefined ? error.cause : error;
