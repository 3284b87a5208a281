import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LoadContainer, startLoadContainer } from '../load/load-container.ts';
import type { Stage } from '../scenario.ts';
import { type Server, startApi, startServer } from '../start-api.ts';

/** lobbie's API, and a program on `node:http` alone that gives the same answer. */
export interface Api {
  readonly api: Server;
  readonly nodeHttp: Server;
  readonly load: LoadContainer | undefined;
}

const NODE_HTTP = `
const body = process.env.BODY;
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) };
require('node:http').createServer((_, response) => response.writeHead(200, headers).end(body))
  .listen(process.env.PORT, process.env.HOST);
`;

export const api: Stage<Api> = {
  name: "lobbie's API",
  prepare: async (bench) => {
    const history = join(bench.directory, 'api-history');
    await mkdir(history, { recursive: true });
    const server = await startApi(bench, history);
    const body = await (await fetch(`${server.url}/file`)).text();
    const nodeHttp = await startServer(bench, ['-e', NODE_HTTP], { env: { BODY: body }, ready: '/' });
    return { api: server, nodeHttp, load: await startLoadContainer(bench) };
  },
};
