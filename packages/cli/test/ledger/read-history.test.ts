import { execFileSync } from 'node:child_process';
import { mkdtempDisposable, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLocalHistory } from '../../src/ledger/read-history.ts';

const LINE = JSON.stringify({ container: 'a'.repeat(64), host: 'aaaaaaaaaaaa', madeAt: '2026-01-01T00:00:00.000Z' });

it('reads the entries of a local directory, and ignores other files', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'lobbie-'));
  const at = (name: string) => join(directory.path, name);
  await writeFile(at('include-me-abc.txt'), LINE);
  await writeFile(at('include-me-torn.txt'), '{"container":');
  await writeFile(at('include-me-huge.txt'), '');
  // Sparse: it needs no disk space.
  await truncate(at('include-me-huge.txt'), 400 * 1024 * 1024);
  await writeFile(at('notes.txt'), LINE);
  await writeFile(at('elsewhere'), LINE);
  await symlink(at('elsewhere'), at('include-me-link.txt'));
  // Opening one waits for a writer that never comes.
  execFileSync('mkfifo', [at('include-me-fifo.txt')]);
  const entries = await readLocalHistory(directory.path);
  expect(entries.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
    {
      file: 'include-me-abc.txt',
      container: 'a'.repeat(64),
      host: 'aaaaaaaaaaaa',
      madeAtMs: Date.UTC(2026, 0, 1),
    },
    { file: 'include-me-huge.txt', container: null, host: '', madeAtMs: expect.any(Number) },
    { file: 'include-me-torn.txt', container: null, host: '', madeAtMs: expect.any(Number) },
  ]);
});

it('is empty if the directory is missing', async () => {
  expect(await readLocalHistory(join(tmpdir(), 'there-is-no-such-directory'))).toEqual([]);
});
