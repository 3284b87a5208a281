import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daemonProcess, endDaemon, removeStalePidFile } from '../daemon-process.ts';

const DATA_ROOT = '/somewhere/.lobbie/engine/data';
let folder: string;
let pidFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobbie-pid-'));
  pidFile = join(folder, 'dockerd.pid');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('daemonProcess', () => {
  /** A process table with one process of this command line. */
  const processTable = (pid: number, argv: readonly string[]): string => {
    mkdirSync(join(folder, `${pid}`));
    writeFileSync(join(folder, `${pid}`, 'cmdline'), argv.map((argument) => `${argument}\0`).join(''));
    writeFileSync(pidFile, `${pid}\n`);
    return folder;
  };

  it('knows its own daemon', () => {
    const proc = processTable(4711, ['/usr/sbin/dockerd', '--host=unix:///x', `--data-root=${DATA_ROOT}`]);
    expect(daemonProcess(pidFile, DATA_ROOT, proc)).toBe(4711);
  });

  it.each([
    ['a dockerd of somebody else', ['dockerd', '--data-root=/var/lib/docker']],
    ['a program that only mentions it', ['vi', `--data-root=${DATA_ROOT}`, 'dockerd']],
    ['a process that has ended', []],
  ])('does not take %s for its daemon', (_, argv) => {
    expect(daemonProcess(pidFile, DATA_ROOT, processTable(4711, argv))).toBeUndefined();
  });

  it.each(['', 'nonsense', '-1', '0', '1'])('takes no process from a pid file that says "%s"', (content) => {
    writeFileSync(pidFile, content);
    expect(daemonProcess(pidFile, DATA_ROOT)).toBeUndefined();
  });

  it('takes no process where there is no pid file', () => {
    expect(daemonProcess(pidFile, DATA_ROOT)).toBeUndefined();
  });
});

describe('a pid that was given to another process', () => {
  it('is never signalled, and its file is removed', async ({ skip }) => {
    skip(process.platform !== 'linux', 'only Linux tells what a pid runs');
    const foreign = spawn('sleep', ['60'], { stdio: 'ignore' });
    await once(foreign, 'spawn');
    writeFileSync(pidFile, `${foreign.pid}`);
    await endDaemon(pidFile, DATA_ROOT);
    removeStalePidFile(pidFile, DATA_ROOT);
    expect(existsSync(pidFile)).toBe(false);
    // A signal would have ended it with SIGTERM before this one.
    const ended = once(foreign, 'exit');
    foreign.kill('SIGUSR1');
    expect(await ended).toEqual([null, 'SIGUSR1']);
  });
});
