import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { HostEnvironment } from './docker-config.ts';

/** How much of ssh's error output is kept. */
const COMPLAINT_LIMIT = 2000;

/**
 * One connection to an engine behind SSH: runs `docker system dial-stdio` on the other side, as the docker CLI does.
 * Has the methods of a socket that Node's HTTP client uses. Fails with ssh's own message.
 */
export class SshConnection extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(target: URL, surroundings: HostEnvironment) {
    super({ allowHalfOpen: true });
    const child = spawn('ssh', sshArguments(target, surroundings), { env: { ...surroundings.env } });
    this.#child = child;
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-COMPLAINT_LIMIT);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    // If a write fails, ssh has ended. Its exit status and its output show why.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => this.destroy(error));
    child.on('close', (status) => {
      if (status === 0 || this.destroyed) this.push(null);
      else this.destroy(refused(complaint.trim().split(/\r?\n/).at(-1) || `ssh ended with status ${status}`));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }

  /** Lets the process end while this connection is kept open for the next request. */
  unref(): this {
    return this.#holdProcess('unref');
  }

  ref(): this {
    return this.#holdProcess('ref');
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  #holdProcess(how: 'ref' | 'unref'): this {
    this.#child[how]();
    // The pipes of a child process are sockets, but their types do not show it.
    for (const pipe of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) (pipe as Partial<Holding>)[how]?.();
    return this;
  }
}

interface Holding {
  ref(): void;
  unref(): void;
}

const refused = (message: string): Error => Object.assign(new Error(message), { code: 'ECONNREFUSED' });

/** The directory for the shared connection's socket. Without it, ssh fails. */
export const controlDirectory = (homeDirectory: string): string => `${homeDirectory}/.ssh`;

/** On macOS a socket's path has at most 104 characters. `%C` stands for 40, and ssh appends 17 while it binds. */
const CONTROL_PATH_LIMIT = 104 - 38 - 17;

/**
 * Arguments of `ssh` for one more connection to an engine behind `ssh://user@host:port`. All of them share one SSH
 * connection (ControlMaster, which Windows lacks), which stays open for the next command. ssh does not ask for a
 * password.
 */
export function sshArguments(target: URL, { homeDirectory, platform }: HostEnvironment): string[] {
  const control = `${controlDirectory(homeDirectory)}/lobbie-%C`;
  const shared = platform !== 'win32' && control.length <= CONTROL_PATH_LIMIT;
  const options = [
    'ConnectTimeout=10',
    'BatchMode=yes',
    ...(shared ? ['ControlMaster=auto', `ControlPath=${control}`, 'ControlPersist=60'] : []),
  ];
  return [
    ...options.flatMap((option) => ['-o', option]),
    '-T',
    ...(target.username ? ['-l', decodeURIComponent(target.username)] : []),
    ...(target.port ? ['-p', target.port] : []),
    '--',
    target.hostname,
    'docker system dial-stdio',
  ];
}
