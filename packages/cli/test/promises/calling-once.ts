import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import { lastJson } from '../cli/run-lobbie.ts';
import type { TestPlace } from '../cli/test-place.ts';
import { get, urlOf } from '../projects/project-place.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';

const answering = (port: number): string =>
  `require('http').createServer((q,r)=>r.end(process.env.VERSION)).listen(${port});process.on('SIGTERM',()=>process.exit())`;

/** Looks both names up when it starts, and never again; asks the address of the one that its path names. */
const CALLING_ONCE = [
  "const dns=require('dns').promises,http=require('http');",
  "Promise.all(['app','store'].map(async(name)=>[name,(await dns.lookup(name,4)).address])).then((all)=>{",
  'const at=Object.fromEntries(all),ports={app:3000,store:5000};',
  'http.createServer((q,r)=>{const name=q.url.slice(1);',
  "http.get({host:at[name],port:ports[name],agent:false},(p)=>p.pipe(r)).on('error',(e)=>{r.statusCode=502;r.end(e.message)})",
  '}).listen(8000)});',
  "process.on('SIGTERM',()=>process.exit())",
].join('');

export interface CallingOnce {
  /** Deploys, and gives the receipt. */
  deploy(env: Readonly<Record<string, string>>): Promise<Receipt>;
  /** What `app` and `store` answer at the addresses that the caller looked up. */
  answers(): Promise<string[]>;
  /** Id of the container that runs for a service. */
  containerOf(service: string, role?: string): Promise<string>;
}

/**
 * A project whose service `caller` looks up two others once: `app` has an ingress and is replaced start-first, `store`
 * keeps data and has none.
 *
 * @param more further lines of the Compose file
 */
export function callingOnce(engine: Engine, place: TestPlace, more = ''): CallingOnce {
  const command = (script: string): string => JSON.stringify(['node', '-e', script]);
  writeFileSync(
    join(place.path, 'compose.yaml'),
    `services:
  caller:
    image: ${NODE_IMAGE}
    init: true
    command: ${command(CALLING_ONCE)}
    environment: { APP: "http://app:3000", STORE: "store:5000" }
    ports: ["127.0.0.1:0:8000"]
    depends_on: [app, store]
  app:
    image: ${NODE_IMAGE}
    init: true
    command: ${command(answering(3000))}
    environment: { VERSION: "app \${APP_VERSION:-1}" }
    ports: ["127.0.0.1:\${APP_PORT}:3000"]
  store:
    image: ${NODE_IMAGE}
    init: true
    command: ${command(answering(5000))}
    environment: { VERSION: "store \${STORE_VERSION:-1}" }
    volumes: [data:/data]
volumes: { data: {} }
${more}
`,
  );
  let url = '';
  const containerOf = async (service: string, role = 'replica'): Promise<string> => {
    const found = await engine.listContainers({
      [LABEL.project]: place.project,
      [LABEL.service]: service,
      [LABEL.role]: role,
    });
    return found.find(({ state }) => state === 'running')?.id ?? '';
  };
  return {
    containerOf,
    async deploy(env) {
      // The cast: the last line of a rollout is its receipt, as the contract of `--json` says.
      const receipt = lastJson(await place.lobbie('deploy --json', env)) as unknown as Receipt;
      const ingress = await engine.inspectContainer(await containerOf('caller', 'ingress'));
      url = urlOf({ url: [`http://127.0.0.1:${ingress?.ports[0]?.published}`] });
      return receipt;
    },
    answers: () => Promise.all(['app', 'store'].map((name) => get(`${url}/${name}`))),
  };
}
