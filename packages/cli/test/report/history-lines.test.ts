import { expect, test } from 'vitest';
import { historyLines } from '../../src/report/history-lines.ts';
import { container, file, plainStyle } from './fixtures.ts';

const history = {
  type: 'history',
  containers: [1, 2, 3].map((n) => ({
    file: n === 2 ? null : file(n),
    container: container(n),
    service: 'api',
    replica: `api-${n}`,
    release: n === 2 ? null : 'k3f9x2',
    image: 'lobbie-api:3f9c',
    started: '2026-11-21T06:56:25.120Z',
    ended: n === 1 ? '2026-11-22T00:01:02Z' : null,
    running: n === 3,
  })),
} as const;

test('lists every container with local times', () => {
  expect(`\n${historyLines(history, plainStyle()).join('\n')}\n`).toBe(`
  file                             container            replica  release  image            started           ended
  include-me-V1StGXR8Z5jdHi6B.txt  lobbie-api-1-k3f9x2  api-1    k3f9x2   lobbie-api:3f9c  2026-11-21 06:56  2026-11-22 00:01
  (lobbie-api-2-k3f9x2)            lobbie-api-2-k3f9x2  api-2    –        lobbie-api:3f9c  2026-11-21 06:56  –
  include-me-Qq8WwEe7RrTt5YyU.txt  lobbie-api-3-k3f9x2  api-3    k3f9x2   lobbie-api:3f9c  2026-11-21 06:56  running
`);
});

test('keeps the file and when it ended in a narrow terminal', () => {
  expect(`\n${historyLines(history, plainStyle(60)).join('\n')}\n`).toBe(`
  file                             ended
  include-me-V1StGXR8Z5jdHi6B.txt  2026-11-22 00:01
  (lobbie-api-2-k3f9x2)            –
  include-me-Qq8WwEe7RrTt5YyU.txt  running
`);
});

test('names containers where no container makes a file', () => {
  const containers = history.containers.map((one) => ({ ...one, file: null }));
  const linesAt = (width: number) => `\n${historyLines({ ...history, containers }, plainStyle(width)).join('\n')}\n`;
  expect(linesAt(120)).toBe(`
  container            replica  release  image            started           ended
  lobbie-api-1-k3f9x2  api-1    k3f9x2   lobbie-api:3f9c  2026-11-21 06:56  2026-11-22 00:01
  lobbie-api-2-k3f9x2  api-2    –        lobbie-api:3f9c  2026-11-21 06:56  –
  lobbie-api-3-k3f9x2  api-3    k3f9x2   lobbie-api:3f9c  2026-11-21 06:56  running
`);
  expect(linesAt(60)).toBe(`
  container            started           ended
  lobbie-api-1-k3f9x2  2026-11-21 06:56  2026-11-22 00:01
  lobbie-api-2-k3f9x2  2026-11-21 06:56  –
  lobbie-api-3-k3f9x2  2026-11-21 06:56  running
`);
});

test('says that there is none', () => {
  expect(historyLines({ type: 'history', containers: [] }, plainStyle())).toEqual(['No container has run yet.']);
});
