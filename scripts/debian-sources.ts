import { runProgram } from './run-program.ts';

/** Suites without separate updates: new packages go into the suite itself. */
const ROLLING = ['sid'];

/**
 * Lines of a `sources.list` for a suite, with the mirrors that this machine's apt uses. Empty if apt does not know
 * them:
 * then mmdebstrap uses Debian's own mirrors.
 */
export async function debianSources(suite: string): Promise<string[]> {
  const format = '$(ORIGIN)|$(LABEL)|$(REPO_URI)';
  const known = await runProgram('apt-get', ['indextargets', '--format', format], {
    nextStep: 'Check that `apt-get update` works on this machine, then run this again.',
  }).catch(() => '');
  const mirrors = new Map(
    known
      .split('\n')
      .map((line) => line.split('|'))
      .flatMap(([origin, label, uri]) => (origin === 'Debian' && label && uri ? [[label, uri] as const] : [])),
  );
  const main = mirrors.get('Debian');
  const security = mirrors.get('Debian-Security');
  if (!main) return [];
  if (ROLLING.includes(suite)) return [`deb ${main} ${suite} main`];
  return [
    `deb ${main} ${suite} main`,
    `deb ${main} ${suite}-updates main`,
    ...(security ? [`deb ${security} ${suite}-security main`] : []),
  ];
}
