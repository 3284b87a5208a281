import { mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseConfig } from '@lobbie/api/service/parse-config';
import { Ajv } from 'ajv';
import fastify from 'fastify';
import { describe, expect, it, vi } from 'vitest';
import { addRoutes } from '../src/add-routes.ts';
import { buildThings } from '../src/build-things.ts';
import { parseThings } from '../src/parse-things.ts';
import { thingsShape } from '../src/things-config.ts';

const DATA = join(import.meta.dirname, '..', 'data', 'things.json');
const SCHEMA = join(import.meta.dirname, '..', 'data', 'things.schema.json');
// The cast: the data file is checked against its schema by the first test.
const data = JSON.parse(readFileSync(DATA, 'utf8')) as Record<string, { id: string }>;

describe('the data file', () => {
  it('fits its schema, and has the four records that the README tells of', () => {
    const validate = new Ajv().compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
    expect(validate(data), JSON.stringify(validate.errors)).toBe(true);
    expect(Object.keys(data)).toEqual(['1', '2', '3', '4']);
  });
});

describe('the API', () => {
  it('names its resources', async () => {
    await using things = await testThings();
    expect(await things.get('/')).toEqual({
      status: 200,
      body: { current_uri: '/', resources: { thing: '/things/<thing>', things: '/things' } },
    });
  });

  it('answers the whole file, and each record of it', async () => {
    await using things = await testThings();
    expect(await things.get('/things')).toEqual({ status: 200, body: data });
    for (const [id, record] of Object.entries(data))
      expect(await things.get(`/things/${id}`)).toEqual({ status: 200, body: record });
    expect(await things.get('/things/%31')).toEqual({ status: 200, body: data['1'] });
  });

  it.each(['5', '01', '1.0', '1%20', '-1', '__proto__', 'constructor', 'toString', '%00', '1%2f2', 'x'.repeat(300)])(
    'knows no thing %s',
    async (id) => {
      await using things = await testThings();
      const { status, body } = await things.get(`/things/${id}`);
      expect([400, 404]).toContain(status);
      expect(body).toEqual({ error: expect.stringMatching(/\.$/) });
    },
  );

  it('says that things cannot do anything yet', async () => {
    await using things = await testThings();
    expect(await things.get('/things/1/something')).toEqual({
      status: 501,
      body: { error: 'Things cannot do anything yet.' },
    });
  });

  it('refuses other methods and unknown paths', async () => {
    await using things = await testThings();
    const post = await things.app.inject({ method: 'POST', url: '/things', payload: {} });
    expect([post.statusCode, post.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect(await things.get('/nothing')).toMatchObject({ status: 404 });
    expect((await things.app.inject({ method: 'HEAD', url: '/things' })).statusCode).toBe(200);
  });
});

describe('the whole file', () => {
  it('is encoded once, when it is read, and every answer sends the same bytes', async () => {
    const things = parseThings(readFileSync(DATA));
    const sent: unknown[] = [];
    const app = fastify();
    app.addHook('onSend', async (_request, _reply, payload) => void sent.push(payload));
    addRoutes(app, { things });
    await app.ready();
    const stringify = vi.spyOn(JSON, 'stringify');
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject('/things')));
    expect(stringify).not.toHaveBeenCalled();
    stringify.mockRestore();
    for (const answer of answers) expect(answer.json()).toEqual(data);
    expect(sent).toHaveLength(20);
    for (const each of sent) expect(each).toBe(things.bytes);
  });

  it('has a tag, which spares those who have it the transfer, and changes with the file', async () => {
    await using things = await testThings();
    const ask = (headers: Record<string, string> = {}) => things.app.inject({ url: '/things', headers });
    const first = await ask();
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const tag of [etag, `"x", W/${etag}`, '*']) {
      const again = await ask({ 'if-none-match': tag });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
    }
    expect((await ask({ 'if-none-match': '"x"' })).json()).toEqual(data);
    expect((await ask({ range: 'bytes=0-1' })).json()).toEqual(data);
    expect((await ask({ 'if-match': '"x"' })).json()).toEqual({ error: 'A condition of the request does not hold.' });
    writeFileSync(things.path, JSON.stringify({ ...data, 5: { id: '5', name: 'Oar', description: '' } }));
    await vi.waitFor(async () => expect((await ask({ 'if-none-match': etag })).statusCode).toBe(200), 300_000);
  });
});

describe('a data file that changes', () => {
  const changed = { ...data, 5: { id: '5', name: 'Oar', description: 'Moves a boat.' } };

  it.each([
    ['written in place', (path: string, text: string) => writeFileSync(path, text)],
    [
      'replaced by rename',
      (path: string, text: string) => {
        writeFileSync(`${path}.new`, text);
        renameSync(`${path}.new`, path);
      },
    ],
  ])('is taken over when it is %s', async (_how, write) => {
    await using things = await testThings();
    write(things.path, JSON.stringify(changed));
    await vi.waitFor(async () => expect((await things.get('/things/5')).status).toBe(200), 300_000);
    expect(await things.get('/things')).toEqual({ status: 200, body: changed });
    expect(await things.metric('taken')).toBe(1);
  });

  it('is taken over when neither its size nor the time of its last change tells of it', async () => {
    const text = JSON.stringify(data);
    await using things = await testThings(text);
    writeFileSync(things.path, text.replace('Lantern', 'Lampion'));
    utimesSync(things.path, 1000, 1000);
    const name = async () => (await things.get('/things/1')).body;
    await vi.waitFor(async () => expect(await name()).toMatchObject({ name: 'Lampion' }), 300_000);
    writeFileSync(things.path, text);
    utimesSync(things.path, 1000, 1000);
    await vi.waitFor(async () => expect(await name()).toMatchObject({ name: 'Lantern' }), 300_000);
  });

  it.each([
    ['is not JSON', '{"1": {'],
    ['is not UTF-8', Buffer.from('{"1": {"id": "1", "name": "\xff", "description": ""}}', 'latin1')],
    ['has a key that no path can have', '{"a/b": {"id": "a/b", "name": "", "description": ""}}'],
    ['does not fit the schema', '{"1": {"id": "1", "name": 4, "description": ""}}'],
    ['has an id that is not its key', '{"1": {"id": "2", "name": "", "description": ""}}'],
    ['has a field too many', '{"1": {"id": "1", "name": "", "description": "", "price": "3"}}'],
  ])('is refused, told and counted when it %s, and the last good data stays', async (_what, text) => {
    await using things = await testThings();
    writeFileSync(things.path, text);
    await vi.waitFor(async () => expect(await things.metric('refused')).toBe(1), 300_000);
    expect(await things.get('/things')).toEqual({ status: 200, body: data });
    // Told once, however often it is looked at.
    await setTimeout(50);
    expect(things.logged().match(/the changed data file is refused/g)).toHaveLength(1);
    writeFileSync(things.path, JSON.stringify(changed));
    await vi.waitFor(async () => expect((await things.get('/things/5')).status).toBe(200), 300_000);
  });

  it('is taken over with the mark that some editors put before it', async () => {
    await using things = await testThings();
    writeFileSync(things.path, `\ufeff${JSON.stringify(changed)}`);
    await vi.waitFor(async () => expect((await things.get('/things/5')).status).toBe(200), 300_000);
  });

  it('stays as it was when the file goes away', async () => {
    await using things = await testThings();
    rmSync(things.path);
    await vi.waitFor(async () => expect(await things.metric('refused')).toBe(1), 300_000);
    expect(await things.get('/things')).toEqual({ status: 200, body: data });
  });
});

describe('the start', () => {
  it.each([
    ['missing', undefined, 'THINGS_FILE: it cannot be read: ENOENT'],
    ['no JSON', 'things', /^THINGS_FILE: it is not JSON: /],
    ['a list', '[]', 'the whole must be object'],
    ['under a key that no path can have', '{"..": {"id": ".."}}', 'the key ".." must match pattern'],
    ['a record without a name', '{"1": {"id": "1", "description": ""}}', "/1 must have required property 'name'"],
    [
      'a record under a wrong key',
      '{"1": {"id": "2", "name": "", "description": ""}}',
      '/1/id is "2" and must be its key',
    ],
  ])('is refused with a data file that is %s', async (_what, text, message) => {
    await expect(testThings(text ?? null)).rejects.toThrow(message);
  });
});

/** The service on a data file of its own, looked at every few milliseconds. */
async function testThings(text: string | null = readFileSync(DATA, 'utf8')) {
  const directory = mkdtempSync(join(tmpdir(), 'things-'));
  const path = join(directory, 'things.json');
  if (text !== null) writeFileSync(path, text);
  const lines: string[] = [];
  const config = parseConfig(thingsShape, { THINGS_FILE: path, LOG_LEVEL: 'info' });
  const { app } = await buildThings({
    config,
    version: '1.0.0',
    lookEveryMs: 5,
    logStream: { write: (line) => void lines.push(line) },
  });
  const get = async (url: string) => {
    const answer = await app.inject({ method: 'GET', url });
    return { status: answer.statusCode, body: answer.json() as unknown };
  };
  return {
    app,
    path,
    get,
    logged: () => lines.join(''),
    metric: async (outcome: string) => {
      const { body } = await app.inject({ method: 'GET', url: '/metrics' });
      return Number(new RegExp(`^things_data_changes_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(body)?.[1]);
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
