import type { Project } from '../../src/model/project.ts';
import type { Service } from '../../src/model/service.ts';
import { INGRESS, START_FIRST } from './test-project.ts';

/** A service that publishes nothing and mounts nothing. */
export const aService = (name: string, change: Partial<Service> = {}): Service => ({
  name,
  image: 'app:1',
  pullPolicy: 'missing',
  replicas: 1,
  environment: {},
  labels: {},
  mounts: [],
  files: [],
  networks: [{ key: 'default', aliases: [] }],
  ports: [],
  expose: [],
  restart: { name: 'unless-stopped' },
  stopGracePeriodMs: 10_000,
  settings: {},
  dependsOn: [],
  job: false,
  // Without a word on the order: it follows from what the service mounts.
  update: { parallelism: 0, delayMs: 0, monitorMs: 0, failureAction: 'rollback', maxFailureRatio: 0 },
  rollback: { parallelism: 0, delayMs: 0 },
  ingress: INGRESS,
  ...change,
});

/** One that publishes a TCP port, and so has an ingress. */
export const aWebService = (name: string, published: number, change: Partial<Service> = {}): Service =>
  aService(name, {
    ports: [{ target: 3000, published, protocol: 'tcp', mode: 'http' }],
    update: { ...START_FIRST, monitorMs: 0 },
    ...change,
  });

export const aProject = (services: readonly Service[], change: Partial<Project> = {}): Project => ({
  name: 'p',
  services,
  networks: [{ key: 'default', name: 'p_default', external: false }],
  volumes: [],
  inactive: [],
  ...change,
});
