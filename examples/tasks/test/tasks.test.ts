import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTasks, type TestTasks } from './start-tasks.ts';
import { describeDatabase } from './with-postgres.ts';

const json = { 'content-type': 'application/json' };
const TEXT = 'text has to be a string of 1 to 128 characters that is not blank and holds no U+0000.';
const STATUS = 'status has to be true, false, 1 or 0.';
const NOT_FOUND = { status: 404, body: { error: 'Selected task not found' } };
const refused = (status: number, error: string) => ({ status, body: { error } });

const TEXTS: [string, unknown, boolean][] = [
  ['one character', 'x', true],
  ['128 characters', 'x'.repeat(128), true],
  ['128 characters of two UTF-16 units each', '🌱'.repeat(128), true],
  ['white space around it, which stays', '  x\n', true],
  ['quotes and a semicolon', `'); drop table tasks; --"`, true],
  ['a backslash and a percent sign', '\\ %s $1 ?', true],
  ['a combining character', 'e\u0301', true],
  ['control characters', '\u0001\u007f\u0085x', true],
  ['nothing', '', false],
  ['129 characters', 'x'.repeat(129), false],
  ['129 characters of two units each', '🌱'.repeat(129), false],
  ['100,000 blanks', ' '.repeat(100_000), false],
  ['blanks', ' \t\n', false],
  ['blanks of Unicode', '\u00a0\u2003\u3000\u0085\u2028', false],
  ['U+0000', 'a\u0000b', false],
  ['a lone high surrogate', 'a\ud83cb', false],
  ['a lone low surrogate', '\udf31', false],
  ['a number', 5, false],
  ['null', null, false],
  ['a boolean', true, false],
  ['a list', ['x'], false],
  ['an object', { toString: 'x' }, false],
];

await describeDatabase('the API', (env) => {
  let tasks: TestTasks;
  beforeAll(async () => {
    tasks = await startTasks(env, { DATABASE_TIMEOUT_MS: '5000' });
  });
  afterAll(() => tasks?.[Symbol.asyncDispose]());

  it('greets', async () => {
    expect(await tasks.ask('/')).toEqual({ status: 200, body: { hello: 'world' } });
  });

  it('lists nothing at first, then all tasks by id', async () => {
    expect(await tasks.ask('/tasks')).toEqual({ status: 200, body: { result: [] } });
    expect(await tasks.post('/task', { text: 'first' })).toEqual({
      status: 201,
      body: { result: { id: 1, text: 'first', status: false } },
    });
    await tasks.add('second');
    await tasks.put('/task/1', { status: true });
    expect(await tasks.ask('/tasks')).toEqual({
      status: 200,
      body: {
        result: [
          { id: 1, text: 'first', status: true },
          { id: 2, text: 'second', status: false },
        ],
      },
    });
  });

  it('answers HEAD wherever it answers GET', async () => {
    for (const url of ['/', '/tasks', '/health', '/ready', '/metrics', '/openapi.json']) {
      const head = await tasks.app.inject({ method: 'HEAD', url });
      expect([url, head.statusCode, head.body]).toEqual([url, 200, '']);
    }
  });

  describe('POST /task', () => {
    it('ignores id and status', async () => {
      const { status, body } = await tasks.post('/task', { id: 4711, status: 'maybe', text: 'x' });
      expect([status, body]).toEqual([201, { result: { id: expect.any(Number), text: 'x', status: false } }]);
      expect(body).not.toMatchObject({ result: { id: 4711 } });
    });

    it.each(TEXTS)('takes or refuses a text of %s', async (_what, text, good) => {
      const answer = await tasks.post('/task', { text });
      if (good) expect(answer).toMatchObject({ status: 201, body: { result: { text } } });
      else expect(answer).toEqual(refused(400, TEXT));
    });

    it.each(['{}', '{"status":true}', '{"Text":"x"}'])('asks for the text in %s', async (payload) => {
      expect(await tasks.post('/task', payload)).toEqual(
        refused(400, "Missing JSON request body with 'text' attribute."),
      );
    });

    it.each(['[]', '["text"]', 'null', '"text"', '5', 'true'])('refuses %s, which is no object', async (payload) => {
      expect(await tasks.post('/task', payload)).toEqual(refused(400, 'The body has to be a JSON object.'));
    });

    it.each(['{', '{"text":"x"', "{'text':'x'}", '{"text":"x"}x', '{"text":"\u0000"}', ' '])(
      'refuses %j, which is not JSON',
      async (payload) => {
        expect(await tasks.post('/task', payload)).toEqual(refused(400, 'The body is not valid JSON.'));
      },
    );

    it('refuses bytes that are not UTF-8', async () => {
      const payload = Buffer.from('{"text":"\xff"}', 'latin1');
      const answer = await tasks.ask({ method: 'POST', url: '/task', headers: json, payload });
      expect(answer).toEqual(refused(400, 'The body is not valid UTF-8.'));
    });

    it('refuses names that would change the prototype', async () => {
      expect((await tasks.post('/task', '{"__proto__":{"text":"x"}}')).status).toBe(400);
      expect((await tasks.post('/task', '{"constructor":{"prototype":{}},"text":"x"}')).status).toBe(400);
    });
  });

  describe.each([
    ['POST', '/task'],
    ['PUT', '/task/1'],
  ] as const)('the body of %s %s', (method, url) => {
    it.each([
      ['none', {}],
      ['none, announced as JSON', { headers: json }],
      ['text', { headers: { 'content-type': 'text/plain' }, payload: '{"text":"x"}' }],
      ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'text=x' }],
      ['bytes of no type', { payload: Buffer.from('{"text":"x"}') }],
    ])('answers 415 to %s', async (_what, request) => {
      const { status, body } = await tasks.ask({ method, url, ...request });
      expect([status, body]).toEqual([415, { error: expect.stringMatching(/\.$/) }]);
    });

    it('takes 1 MiB, and answers 413 to a byte more', async () => {
      const body = (length: number) => `{"text":"x"${' '.repeat(length - 12)}}`;
      const ask = (length: number) => tasks.ask({ method, url, headers: json, payload: body(length) });
      expect((await ask(1_048_576)).status).toBe(method === 'POST' ? 201 : 200);
      expect(await ask(1_048_577)).toEqual(refused(413, 'The body is too large.'));
    });
  });

  describe('PUT /task/<id>', () => {
    it.each([
      ['the text', { text: 'new' }, { text: 'new', status: false }],
      ['the status', { status: true }, { text: 'old', status: true }],
      ['both', { text: 'new', status: 1 }, { text: 'new', status: true }],
      ['the status, from 0', { status: 0 }, { text: 'old', status: false }],
      ['nothing', {}, { text: 'old', status: false }],
      ['nothing of an id in the body', { id: 1, text: 'new' }, { text: 'new', status: false }],
    ])('changes %s', async (_what, change, expected) => {
      const id = await tasks.add('old');
      const answer = { status: 200, body: { result: { id, ...expected } } };
      expect(await tasks.put(`/task/${id}`, change)).toEqual(answer);
      expect(await tasks.put(`/task/${id}`, change)).toEqual(answer);
      expect((await tasks.ask('/tasks')).body).toMatchObject({ result: expect.arrayContaining([answer.body.result]) });
    });

    it.each(TEXTS)('takes or refuses a text of %s', async (_what, text, good) => {
      const answer = await tasks.put('/task/1', { text });
      if (good) expect(answer).toMatchObject({ status: 200, body: { result: { id: 1, text } } });
      else expect(answer).toEqual(refused(400, TEXT));
    });

    it.each(['true', 'yes', null, 2, -1, 0.5, [], {}])('refuses the status %j', async (status) => {
      expect(await tasks.put('/task/1', { status })).toEqual(refused(400, STATUS));
    });

    it('changes nothing when a part is wrong', async () => {
      const id = await tasks.add('old');
      expect((await tasks.put(`/task/${id}`, { text: 'new', status: 2 })).status).toBe(400);
      expect((await tasks.put(`/task/${id}`, {})).body).toEqual({ result: { id, text: 'old', status: false } });
    });
  });

  describe('DELETE /task/<id>', () => {
    it('removes the task, once', async () => {
      const id = await tasks.add();
      expect(await tasks.delete(`/task/${id}`)).toEqual({ status: 200, body: { success: true } });
      expect(await tasks.delete(`/task/${id}`)).toEqual(NOT_FOUND);
      expect(await tasks.put(`/task/${id}`, { text: 'x' })).toEqual(NOT_FOUND);
    });

    it('removes it too when JSON is announced and none comes', async () => {
      const id = await tasks.add();
      expect(await tasks.ask({ method: 'DELETE', url: `/task/${id}`, headers: json })).toMatchObject({ status: 200 });
    });

    it('is won by one of ten at the same time', async () => {
      const id = await tasks.add();
      const answers = await Promise.all(Array.from({ length: 10 }, () => tasks.delete(`/task/${id}`)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 404)).toHaveLength(9);
    });
  });

  describe('an id that no task has', () => {
    const IDS = [
      '0',
      '01',
      '-1',
      '+1',
      '1.0',
      '1e0',
      '0x1',
      '%201',
      '1%20',
      '%D9%A1',
      'one',
      '2147483647',
      '2147483648',
    ];
    const MORE = ['99999999999999999999', 'null', '__proto__', "1'--", '', 'x'.repeat(300)];

    it('is no path at all to another method, when it is empty', async () => {
      for (const method of ['GET', 'POST'] as const) {
        const answer = await tasks.app.inject({ method, url: '/task/' });
        expect([answer.statusCode, answer.headers.allow]).toEqual([404, undefined]);
      }
    });

    it.each([...IDS, ...MORE])('is not found: %s', async (id) => {
      expect(await tasks.put(`/task/${id}`, { text: 'x' })).toEqual(NOT_FOUND);
      expect(await tasks.delete(`/task/${id}`)).toEqual(NOT_FOUND);
    });

    it.each([
      ['no body', {}],
      ['malformed JSON', { headers: json, payload: '{' }],
      ['a wrong text', { headers: json, payload: '{"text":""}' }],
      ['another type', { headers: { 'content-type': 'text/plain' }, payload: 'x' }],
      ['too large a body', { headers: json, payload: ' '.repeat(1_048_577) }],
    ])('is looked at before the body: %s', async (_what, request) => {
      expect(await tasks.ask({ method: 'PUT', url: '/task/999999', ...request })).toEqual(NOT_FOUND);
    });

    it('may be written in percent-encoding', async () => {
      expect(await tasks.put('/task/%31', { status: true })).toMatchObject({ status: 200 });
    });
  });

  it('never gives an id again, whatever became of its task', async () => {
    const before = await tasks.add();
    await tasks.delete(`/task/${before}`);
    await tasks.post('/task', { text: '' });
    expect(await tasks.add()).toBeGreaterThan(before);
  });

  it('gives each of 200 simultaneous tasks an id of its own', async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, (_, n) => tasks.add(`task ${n}`)));
    expect(new Set(ids).size).toBe(200);
    const rows = await tasks.execute(`select text from tasks where id = any('{${ids.join(',')}}') order by id`);
    expect(new Set(rows.map(({ text }) => text)).size).toBe(200);
  });

  it('keeps when a task was made and when it was changed', async () => {
    const id = await tasks.add('old');
    const times = async () => (await tasks.execute(`select created_at, updated_at from tasks where id = ${id}`))[0];
    const made = await times();
    expect(made?.created_at).toEqual(made?.updated_at);
    await tasks.put(`/task/${id}`, {});
    expect(await times()).toEqual(made);
    await tasks.put(`/task/${id}`, { text: 'new' });
    const changed = await times();
    expect(changed?.created_at).toEqual(made?.created_at);
    expect(Number(changed?.updated_at)).toBeGreaterThan(Number(made?.updated_at));
  });

  it.each([
    ['POST', '/tasks', 'GET, HEAD'],
    ['DELETE', '/', 'GET, HEAD'],
    ['GET', '/task', 'POST'],
    ['GET', '/task/1', 'DELETE, PUT'],
    ['PATCH', '/task/1', 'DELETE, PUT'],
  ] as const)('refuses %s %s and names what is allowed', async (method, url, allowed) => {
    const answer = await tasks.app.inject({ method, url });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, allowed]);
  });

  it.each(['/task/1/2', '/nothing', '/tasks/1'])('knows no path %s', async (url) => {
    expect((await tasks.ask(url)).status).toBe(404);
  });

  it('describes itself for machines', async () => {
    const { body } = await tasks.ask('/openapi.json');
    expect(Object.keys((body as { paths: object }).paths)).toEqual(
      expect.arrayContaining(['/', '/tasks', '/task', '/task/{id}']),
    );
  });

  it('counts its connections for Prometheus', async () => {
    const { body } = await tasks.app.inject('/metrics');
    expect(body).toMatch(/^database_pool\{what="waiting"\} 0$/m);
  });
});
