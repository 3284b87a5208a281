import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import type { Receipt } from '../../src/model/results.ts';
import { receiptLines } from '../../src/report/receipt-lines.ts';
import { container, file, plainStyle, receipt, receiptReplica } from './fixtures.ts';

const text = (receipt: Receipt, width?: number): string => `\n${receiptLines(receipt, plainStyle(width)).join('\n')}\n`;
const serving = [1, 2].map((index) => receiptReplica(index, { container: container(index, 'a1b2c3') }));

test('shows what was deployed and what it replaced', () => {
  expect(text(receipt())).toBe(`
lobbie k3f9x2 deployed in 1.9 s  (build 0.0, start 0.7, gate 0.6, switch 0.4)

  replica  container            file                             replaced
  api-1    lobbie-api-1-k3f9x2  include-me-V1StGXR8Z5jdHi6B.txt  include-me-Qq8WwEe7RrTt5YyU.txt
  api-2    lobbie-api-2-k3f9x2  include-me-aZ09kLmQpR7tYw3x.txt  include-me-zzTop123AbCdEfGh.txt

  http://localhost:8080    4812 requests during the rollout, 0 failed, 0 retried
`);
});

test('names the old container where it had no file, and leaves out columns without content', () => {
  const replaced = { container: container(1, 'a1b2c3') };
  const replicas = [
    { service: 'api', replica: 'api-1', container: container(1), replaced },
    { service: 'api', replica: 'api-2', container: container(2) },
  ];
  const published = ['http://localhost:1', 'http://localhost:2'].map((url) => ({ service: 'api', url }));
  const { requests: _, ...uncounted } = receipt({ replicas, published });
  expect(text(uncounted)).toBe(`
lobbie k3f9x2 deployed in 1.9 s  (build 0.0, start 0.7, gate 0.6, switch 0.4)

  replica  container            replaced
  api-1    lobbie-api-1-k3f9x2  lobbie-api-1-a1b2c3
  api-2    lobbie-api-2-k3f9x2  –

  http://localhost:1
  http://localhost:2
`);
});

test('shows what else than a file the replicas reported', () => {
  const replicas = [{ service: 'api', replica: 'api-1', container: container(1), answer: '1.2.3\u001b[2J' }];
  expect(text(receipt({ replicas }))).toContain(`
  replica  container            answer
  api-1    lobbie-api-1-k3f9x2  1.2.3
`);
});

test("shows the application's own 5xx apart", () => {
  const requests = { total: 306, failed: 0, retried: 0, serverErrors: 224 };
  expect(text(receipt({ replicas: [], requests }))).toContain(
    '  306 requests during the rollout, 0 failed, 0 retried; 224 answered 5xx by the application\n',
  );
});

test('names the services of several addresses, and tells what paused', () => {
  const published = [
    { service: 'web', url: 'http://localhost:8080' },
    { service: 'db', url: 'tcp://127.0.0.1:5432' },
  ];
  expect(text(receipt({ published, replicas: [], pauses: { db: 2.14, worker: 0.6 } }))).toBe(`
lobbie k3f9x2 deployed in 1.9 s  (build 0.0, start 0.7, gate 0.6, switch 0.4)

  db   tcp://127.0.0.1:5432
  web  http://localhost:8080

  4812 requests during the rollout, 0 failed, 0 retried
  pauses: db 2.1 s, worker 0.6 s
`);
});

test('fits 80 columns by shortening what was replaced', () => {
  expect(text(receipt(), 80)).toBe(`
lobbie k3f9x2 deployed in 1.9 s  (build 0.0, start 0.7, gate 0.6, switch 0.4)

  replica  container            file                             replaced
  api-1    lobbie-api-1-k3f9x2  include-me-V1StGXR8Z5jdHi6B.txt  include…YyU.txt
  api-2    lobbie-api-2-k3f9x2  include-me-aZ09kLmQpR7tYw3x.txt  include…fGh.txt

  http://localhost:8080    4812 requests during the rollout, 0 failed, 0 retried
`);
});

test('fits 60 columns with the new files whole', () => {
  expect(text(receipt(), 60)).toBe(`
lobbie k3f9x2 deployed in 1.9 s  (build 0.0, start 0.7, gate
0.6, switch 0.4)

  replica  container         file
  api-1    lobbie-a…-k3f9x2  include-me-V1StGXR8Z5jdHi6B.txt
  api-2    lobbie-a…-k3f9x2  include-me-aZ09kLmQpR7tYw3x.txt

  http://localhost:8080
  4812 requests during the rollout, 0 failed, 0 retried
`);
});

test('says in one line that nothing had to be done', () => {
  const { requests: _, ...unchanged } = receipt({
    outcome: 'unchanged',
    replicas: [1, 2].map((index) => receiptReplica(index)),
  });
  expect(text(unchanged)).toBe(`
lobbie is up to date (release k3f9x2, 2 replicas healthy): nothing to do.

  replica  container            file
  api-1    lobbie-api-1-k3f9x2  include-me-V1StGXR8Z5jdHi6B.txt
  api-2    lobbie-api-2-k3f9x2  include-me-aZ09kLmQpR7tYw3x.txt

  http://localhost:8080
`);
});

test('says what serves after a failure that was undone', () => {
  expect(text(receipt({ outcome: 'failed-restored', replicas: serving }))).toBe(`
lobbie k3f9x2 failed after 1.9 s, and everything was restored. Still serving:

  replica  container            file
  api-1    lobbie-api-1-a1b2c3  ${file(1)}
  api-2    lobbie-api-2-a1b2c3  ${file(2)}

  http://localhost:8080    4812 requests during the rollout, 0 failed, 0 retried
`);
});

test('says that nothing runs after a first deploy that was undone', () => {
  const { requests: _, ...first } = receipt({ outcome: 'failed-restored', replicas: [], published: [] });
  expect(text(first)).toBe(`
lobbie k3f9x2 failed after 1.9 s, and everything was restored. Nothing runs, as before.
`);
});

test('says what serves, and what is wrong, after a failure that was not undone', () => {
  const warnings = ['container lobbie-api-2-k3f9x2 could not be removed: the engine is gone'];
  const { requests: _, ...failed } = receipt({ outcome: 'failed-not-restored', replicas: serving, warnings });
  expect(text(failed)).toBe(`
lobbie k3f9x2 failed after 1.9 s, and the previous state was not restored. Serving now:

  replica  container            file
  api-1    lobbie-api-1-a1b2c3  ${file(1)}
  api-2    lobbie-api-2-a1b2c3  ${file(2)}

  http://localhost:8080

! container lobbie-api-2-k3f9x2 could not be removed: the engine is gone
`);
  expect(receiptLines({ ...failed, replicas: [] }, plainStyle())[0]).toBe(
    'lobbie k3f9x2 failed after 1.9 s, and the previous state was not restored. Run `lobbie status` to see what serves now.',
  );
});

test('says what serves after an interruption', () => {
  expect(receiptLines(receipt({ outcome: 'interrupted', replicas: serving }), plainStyle())[0]).toBe(
    'lobbie k3f9x2 was interrupted after 1.9 s, and everything was restored. Still serving:',
  );
});

const window = (total: number, serverErrors: number, seconds?: number) => ({
  total,
  failed: 0,
  retried: 0,
  serverErrors,
  ...(seconds !== undefined && { seconds }),
});

test('tells the 5xx of each published service before, during and after the switch', () => {
  const services = {
    web: { before: window(120, 0, 1.2), during: window(300, 0, 0.8), after: window(25, 0, 5), http: true, rose: false },
    db: { during: window(3, 0, 2), http: false, rose: false },
    idle: { before: window(0, 0), during: window(0, 0, 2), http: true, rose: false },
  };
  const requests = { total: 325, failed: 0, retried: 0, serverErrors: 0, services };
  expect(text(receipt({ replicas: [], requests }))).toContain(`
  http://localhost:8080    325 requests during the rollout, 0 failed, 0 retried
  5xx of web: 0 of 120 before (1.2 s), 0 of 300 during the switch (0.8 s), 0 of 25 after (5.0 s)
`);
});

test('counts no 5xx as failed that came before the switch', () => {
  const web = { before: window(500, 40), during: window(100, 9), after: window(88, 0, 5), http: true, rose: true };
  const requests = { total: 688, failed: 1, retried: 0, serverErrors: 49, services: { web } };
  expect(text(receipt({ replicas: [], requests }), 200)).toContain(
    '688 requests during the rollout, 10 failed, 0 retried; 49 answered 5xx by the application, 9 counted as failed',
  );
});

test('never says "0 failed" where the share of 5xx rose', () => {
  const web = {
    before: window(1023, 0),
    during: window(457, 49, 2.5),
    after: window(88, 0, 5),
    http: true,
    rose: true,
  };
  const requests = { total: 545, failed: 0, retried: 0, serverErrors: 49, services: { web } };
  const told = text(receipt({ replicas: [], requests }));
  expect(told).toContain(
    '545 requests during the rollout, 49 failed, 0 retried; 49 answered 5xx by the application, counted as failed\n',
  );
  expect(told).toContain(
    '  5xx of web: 0 of 1023 before (since its ingress started, as few came just before), 49 of 457 during the switch (2.5 s), 0 of 88 after (5.0 s)\n',
  );
  const colours = { ...plainStyle(), chalk: new Chalk({ level: 1 }) };
  const lines = receiptLines(receipt({ replicas: [], requests }), colours);
  expect(lines.find((line) => line.includes('5xx of web'))).toContain('\u001b[33m5xx of web');
});
