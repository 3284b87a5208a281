import { expect, test } from 'vitest';
import type { StatusResult } from '../../src/model/results.ts';
import { statusLines } from '../../src/report/status-lines.ts';
import { container, file, plainStyle } from './fixtures.ts';

const running = {
  state: 'running',
  health: 'healthy',
  admitted: true,
  exitCode: null,
  problem: null,
  restarts: 0,
  release: 'k3f9x2',
  address: '172.18.0.4',
} as const;
const status: StatusResult = {
  type: 'status',
  project: 'lobbie',
  release: 'k3f9x2',
  url: ['http://localhost:8080'],
  published: [{ service: 'api', url: 'http://localhost:8080' }],
  asDeployed: false,
  problems: ['api-2 is not admitted'],
  warnings: ['api-2 is not admitted'],
  ingresses: [],
  replicas: [
    {
      ...running,
      service: 'api',
      replica: 'api-1',
      container: container(1),
      file: file(1),
      uptimeSeconds: 184.3,
      memoryBytes: 45_300_000,
      cpuCores: 0.021,
    },
    {
      ...running,
      service: 'api',
      replica: 'api-2',
      container: container(2),
      file: null,
      health: 'starting',
      admitted: false,
      uptimeSeconds: 2,
      memoryBytes: 900,
      cpuCores: 1.5,
    },
    {
      ...running,
      service: 'api',
      replica: 'api-10',
      container: container(10),
      file: file(3),
      state: 'exited',
      health: 'none',
      exitCode: 137,
      admitted: false,
      address: null,
      uptimeSeconds: null,
      memoryBytes: null,
      cpuCores: null,
    },
  ],
};

test('shows how each replica does', () => {
  expect(`\n${statusLines(status, plainStyle()).join('\n')}\n`).toBe(`
lobbie  release k3f9x2  http://localhost:8080

  replica  state           admitted  file                             release  address        uptime    memory      cpu
  api-1    healthy         yes       include-me-V1StGXR8Z5jdHi6B.txt  k3f9x2   172.18.0.4  3 min 4 s  43.2 MiB    2.1 %
  api-2    starting        no        –                                k3f9x2   172.18.0.4        2 s     900 B  150.0 %
  api-10   ✗ exited (137)  no        include-me-Qq8WwEe7RrTt5YyU.txt  k3f9x2   –                   –         –        –

! api-2 is not admitted
`);
});

test('shows the CPU of a replica whose memory cannot be read, and the other way round', () => {
  const replicas = status.replicas
    .slice(0, 2)
    .map((one, at) => ({ ...one, ...(at === 0 ? { memoryBytes: null } : { cpuCores: null }) }));
  expect(`\n${statusLines({ ...status, warnings: [], replicas }, plainStyle()).join('\n')}\n`).toBe(`
lobbie  release k3f9x2  http://localhost:8080

  replica  state     admitted  file                             release  address        uptime  memory    cpu
  api-1    healthy   yes       include-me-V1StGXR8Z5jdHi6B.txt  k3f9x2   172.18.0.4  3 min 4 s       –  2.1 %
  api-2    starting  no        –                                k3f9x2   172.18.0.4        2 s   900 B      –
`);
});

test('says that a job has completed, and nothing of an ingress where there is none', () => {
  const [first] = status.replicas;
  if (first === undefined) throw new Error('unreachable: it is written above');
  const job = { ...first, replica: 'migrate-1', state: 'exited', health: 'none', exitCode: 0, admitted: null } as const;
  const published = [
    { service: 'web', url: 'http://localhost:8080' },
    { service: 'db', url: 'tcp://127.0.0.1:5432' },
  ];
  const lines = statusLines({ ...status, published, warnings: [], replicas: [first, job] }, plainStyle(70));
  expect(`\n${lines.join('\n')}\n`).toBe(`
lobbie  release k3f9x2

  db   tcp://127.0.0.1:5432
  web  http://localhost:8080

  replica    state      admitted  file
  api-1      healthy    yes       include-me-V1StGXR8Z5jdHi6B.txt
  migrate-1  completed  –         include-me-V1StGXR8Z5jdHi6B.txt
`);
});

test('says unknown where an ingress could not be read', () => {
  const replicas = status.replicas.slice(0, 1).map((one) => ({ ...one, admitted: 'unknown' as const }));
  const ingress = {
    service: 'api',
    container: 'lobbie-api-ingress-k3f9x2',
    state: 'running',
    problem: null,
    ports: null,
    release: 'k3f9x2',
    address: '172.18.0.2',
    uptimeSeconds: 2,
  } as const;
  const lines = statusLines({ ...status, warnings: [], replicas, ingresses: [ingress] }, plainStyle());
  expect(`\n${lines.join('\n')}\n`).toBe(`
lobbie  release k3f9x2  http://localhost:8080

  replica  state    admitted  file                             release  address        uptime    memory    cpu
  api-1    healthy  unknown   include-me-V1StGXR8Z5jdHi6B.txt  k3f9x2   172.18.0.4  3 min 4 s  43.2 MiB  2.1 %

  ingress  state    listens on  release  address     uptime
  api      running  unknown     k3f9x2   172.18.0.2     2 s
`);
});

test('keeps replica, state and file in a narrow terminal', () => {
  expect(`\n${statusLines(status, plainStyle(50)).join('\n')}\n`).toBe(`
lobbie  release k3f9x2  http://localhost:8080

  replica  state           file
  api-1    healthy         include-me-…5jdHi6B.txt
  api-2    starting        –
  api-10   ✗ exited (137)  include-me-…rTt5YyU.txt

! api-2 is not admitted
`);
});

test('says that the project is not deployed', () => {
  const none = { ...status, release: null, published: [], replicas: [], warnings: [] };
  expect(statusLines(none, plainStyle())).toEqual(['lobbie is not deployed.']);
});

test('shows what each ingress listens on, and marks what has stopped or keeps restarting', () => {
  const [first] = status.replicas;
  if (first === undefined) throw new Error('unreachable: it is written above');
  const stopped = {
    ...first,
    uptimeSeconds: null,
    memoryBytes: null,
    cpuCores: null,
    health: 'none',
    file: null,
  } as const;
  const replicas = [
    { ...stopped, replica: 'api-1', state: 'restarting', restarts: 7, problem: 'api-1 keeps restarting.' },
    { ...stopped, replica: 'api-2', state: 'exited', exitCode: 0, problem: 'api-2 has exited with status 0.' },
    { ...first, file: null, replica: 'api-3', health: 'unhealthy', problem: 'api-3 is unhealthy.' },
  ] as const;
  const ingress = { release: 'k3f9x2', address: '172.18.0.9', uptimeSeconds: 61, problem: null } as const;
  const ingresses = [
    {
      ...ingress,
      service: 'api',
      container: 'lobbie-api-ingress-k3f9x2',
      state: 'running',
      ports: [
        { port: 3000, published: ['8080', '127.0.0.1:9090'], speaks: 'http', open: true },
        { port: 4000, published: [], speaks: null, open: false },
      ],
    },
    { ...ingress, service: 'db', container: 'x', state: 'exited', uptimeSeconds: null, address: null, ports: [] },
  ] as const;
  const text = statusLines({ ...status, warnings: [], replicas, ingresses }, plainStyle()).join('\n');
  expect(`\n${text}\n`).toBe(`
lobbie  release k3f9x2  http://localhost:8080

  replica  state                   admitted  release  address        uptime    memory    cpu
  api-1    ✗ restarting (7 times)  yes       k3f9x2   172.18.0.4          –         –      –
  api-2    ✗ exited (0)            yes       k3f9x2   172.18.0.4          –         –      –
  api-3    ✗ unhealthy             yes       k3f9x2   172.18.0.4  3 min 4 s  43.2 MiB  2.1 %

  ingress  state     listens on                                         release  address        uptime
  api      running   8080 → 3000, 127.0.0.1:9090 → 3000, 4000 (closed)  k3f9x2   172.18.0.9  1 min 1 s
  db       ✗ exited  –                                                  k3f9x2   –                   –
`);
});
