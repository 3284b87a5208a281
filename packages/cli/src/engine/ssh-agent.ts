import { spawn } from 'node:child_process';
import { Agent, type ClientRequestArgs } from 'node:http';
import { Duplex } from 'node:stream';

/**
 * Connections to an engine behind SSH: each is a `docker system dial-stdio` on the other side, as the docker CLI does
 * it, and all share one SSH connection (OpenSSH's ControlMaster, which Windows lacks). The system's own `ssh` is
 * used, so that its configuration, keys, agents and known hosts hold.
 */
export class SshAgent extends Agent {
  readonly #target: URL;

  constructor(target: URL) {
    super({ keepAlive: true });
    this.#target = target;
  }

  override createConnection(_options: ClientRequestArgs): Duplex {
    const child = spawn('ssh', sshArguments(this.#target, process.platform), { stdio: ['pipe', 'pipe', 'pipe'] });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
    child.on('error', (error) => stream.destroy(error));
    child.on('exit', (status) => {
      if (status !== 0)
        stream.destroy(
          Object.assign(new Error(complaint.trim() || `ssh ended with status ${status}`), { code: 'ECONNREFUSED' }),
        );
    });
    stream.on('close', () => child.kill());
    return stream;
  }
}

/** Arguments of `ssh` for one more connection to the engine behind an `ssh://user@host:port` address. */
export function sshArguments(target: URL, platform: NodeJS.Platform): string[] {
  const shared =
    platform === 'win32'
      ? []
      : ['-o', 'ControlMaster=auto', '-o', 'ControlPath=~/.ssh/lobbie-%C', '-o', 'ControlPersist=60'];
  return [
    ...shared,
    '-o',
    'ConnectTimeout=10',
    '-o',
    'BatchMode=yes',
    '-T',
    ...(target.username ? ['-l', decodeURIComponent(target.username)] : []),
    ...(target.port ? ['-p', target.port] : []),
    '--',
    target.hostname,
    'docker system dial-stdio',
  ];
}
