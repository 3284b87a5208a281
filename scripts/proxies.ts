import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BASE_IMAGES } from '../packages/cli/src/model/base-images.ts';
import type { Receipt } from '../packages/cli/src/model/results.ts';
import { freePort } from '../packages/cli/test/free-port.ts';
import { startLoad } from '../packages/cli/test/load.ts';
import { readBaseImages } from './read-base-images.ts';

// Runs the real Traefik and the real nginx-proxy in front of a service that lobbie replaces under load. Their images
// come from a registry, so this needs access to one.

const LOBBIE = fileURLToPath(new URL('../node_modules/.bin/lobbie', import.meta.url));
const { TRAEFIK_IMAGE = 'traefik:v3.7', NGINX_PROXY_IMAGE = 'nginxproxy/nginx-proxy:1.11' } = process.env;
/** Both proxies select the service by the `Host` header, and accept an address as a host. */
const HOST = '127.0.0.1';
const ROLLOUTS = 5;
/** How long a proxy may take to find the service. */
const FOUND_MS = 120_000;

const images = await readBaseImages();
const run = promisify(execFile);
const docker = async (...args: string[]): Promise<string> => (await run('docker', args)).stdout.trim();
const name = `proxies-${process.pid}`;
const directory = await mkdtemp(join(tmpdir(), 'lobbie-proxies-'));
let passed = 0;

/** A service without a published port, with the keys of both proxies. */
const compose = (version: number): string => `
services:
  web:
    image: ${process.env.LOBBIE_NODE_IMAGE ?? images.LOBBIE_NODE_IMAGE ?? BASE_IMAGES.node}
    init: true
    command: ["node", "-e", "require('node:http').createServer((request, response) => response.end(process.env.VERSION)).listen(3000)"]
    environment: { VERSION: "${version}", VIRTUAL_HOST: ${HOST}, VIRTUAL_PORT: "3000" }
    healthcheck:
      test: ["CMD", "node", "-e", "fetch('http://127.0.0.1:3000').then(() => process.exit(0), () => process.exit(1))"]
    labels:
      traefik.enable: "true"
      traefik.http.routers.web.rule: Host(\`${HOST}\`)
      traefik.http.services.web.loadbalancer.server.port: "3000"
    networks: [proxy]
networks:
  proxy: { name: ${name}, external: true }
`;

try {
  await docker('network', 'create', name);
  const socket = '/var/run/docker.sock';
  const traefik = await startProxy(
    'traefik',
    TRAEFIK_IMAGE,
    [`${socket}:${socket}:ro`],
    ['--providers.docker=true', `--providers.docker.network=${name}`, '--entrypoints.web.address=:80'],
  );
  const nginxProxy = await startProxy('nginx-proxy', NGINX_PROXY_IMAGE, [`${socket}:/tmp/docker.sock:ro`], []);
  await deploy(0);
  for (const [proxy, port] of [
    ['Traefik', traefik],
    ['nginx-proxy', nginxProxy],
  ] as const) {
    const url = `http://${HOST}:${port}/`;
    await untilFound(proxy, url);
    const load = await startLoad({ url, keepAlive: 8, fresh: 4, connectionClose: 4, pauseMs: 10 });
    for (let version = 1; version <= ROLLOUTS; version++) strictEqual((await deploy(version)).outcome, 'deployed');
    await load.pass(200);
    const { total, failed, failures, statuses } = await load.stop();
    deepStrictEqual({ statuses, failures }, { statuses: { 200: total }, failures: [] });
    passed += 1;
    console.log(`ok  ${proxy}: ${ROLLOUTS} rollouts, ${total} requests, ${failed} failed`);
    await deploy(0);
  }
} finally {
  await lobbie('down', '--yes').catch(console.error);
  for (const proxy of ['traefik', 'nginx-proxy'])
    await docker('rm', '--force', `${name}-${proxy}`).catch(console.error);
  await docker('network', 'rm', name).catch(console.error);
  await rm(directory, { recursive: true, force: true });
}
console.log(`${passed} passed, 0 failed`);

/** Starts the proxy in the network, and returns its port. */
async function startProxy(
  what: string,
  image: string,
  mounts: readonly string[],
  args: readonly string[],
): Promise<number> {
  const port = await freePort();
  const volumes = mounts.flatMap((mount) => ['--volume', mount]);
  const options = ['--detach', '--name', `${name}-${what}`, '--network', name, '--publish', `127.0.0.1:${port}:80`];
  await docker('run', ...options, ...volumes, image, ...args);
  return port;
}

async function deploy(version: number): Promise<Receipt> {
  await writeFile(join(directory, 'compose.yaml'), compose(version));
  return lobbie<Receipt>('deploy');
}

/** Runs the command and returns the result, the last line of its JSON. */
async function lobbie<T>(command: string, ...args: string[]): Promise<T> {
  const { stdout } = await run(LOBBIE, [command, '-p', name, '--json', ...args], {
    cwd: directory,
    env: { ...process.env, ...images },
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T;
}

async function untilFound(proxy: string, url: string): Promise<void> {
  for (const until = Date.now() + FOUND_MS; ; await sleep(250)) {
    const answer = await fetch(url).catch((error: unknown) => String(error));
    if (answer instanceof Response && answer.ok) return;
    if (Date.now() > until)
      throw new Error(`${proxy} did not find the service: ${answer instanceof Response ? answer.status : answer}`);
  }
}
