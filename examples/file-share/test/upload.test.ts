import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testShare } from './test-share.ts';

const KINDS = 'txt, rtf, doc, docx, xls, xlsx, pdf, png, jpg and jpeg';

describe('POST /upload/<name>', () => {
  it.each(['GET', 'HEAD', 'PUT', 'DELETE'] as const)('is unknown to %s without a name', async (method) => {
    await using share = await testShare();
    const answer = await share.app.inject({ method, url: '/upload/' });
    expect([answer.statusCode, answer.headers.allow]).toEqual([404, undefined]);
    expect((await share.app.inject({ method, url: '/upload/a.txt' })).headers.allow).toBe('POST');
  });

  it.each([
    'application/json',
    'text/plain; charset=utf-8',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    'nonsense',
    '',
  ])('stores the bytes as they are under the content type %j', async (type) => {
    await using share = await testShare();
    const bytes = Buffer.from([0x7b, 0, 0xff, 0x0d, 0x0a]);
    const answer = await share.put('a.txt', bytes, type === '' ? {} : { 'content-type': type });
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      { filename: 'a.txt', url: 'http://localhost:80/download/a.txt' },
    ]);
    expect(readFileSync(join(share.directory, 'a.txt'))).toEqual(bytes);
  });

  it('keeps Unicode names, in NFC, and finds them in any form', async () => {
    await using share = await testShare();
    const name = 'żółw 🐢 100%.TXT';
    const answer = await share.put(name.normalize('NFD'), 'x');
    const url = `/download/${encodeURIComponent(name)}`;
    expect(answer.json()).toEqual({ filename: name, url: `http://localhost:80${url}` });
    expect(answer.headers.location).toBe(`http://localhost:80${url}`);
    expect((await share.app.inject(url)).body).toBe('x');
    expect((await share.app.inject(`/download/${encodeURIComponent(name.normalize('NFD'))}`)).body).toBe('x');
    expect((await share.put(name, 'y')).statusCode).toBe(409);
  });

  it.each(['👩‍🚀.txt', 'می‌خواهم.txt', '⚙️.txt', 'מסמך\u200f.txt'])('keeps the joiners and marks of %s', async (name) => {
    await using share = await testShare();
    expect((await share.put(name, 'x')).json()).toMatchObject({ filename: name });
  });

  it('answers 409 to a name that is there, and leaves its bytes', async () => {
    await using share = await testShare();
    await share.put('a.txt', 'first');
    const again = await share.put('a.txt', 'second');
    expect([again.statusCode, again.json()]).toEqual([409, { error: 'There is a file named a.txt already.' }]);
    expect(readFileSync(join(share.directory, 'a.txt'), 'utf8')).toBe('first');
  });

  it('lets exactly one of many uploads at once win, also with two servers on one folder', async () => {
    await using one = await testShare();
    await using two = await testShare({}, one.directory);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? one : two).put('a.txt', `bytes of ${index}`)),
    );
    const winners = answers.flatMap(({ statusCode }, index) => (statusCode === 201 ? [index] : []));
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(49);
    expect(readFileSync(join(one.directory, 'a.txt'), 'utf8')).toBe(`bytes of ${winners[0]}`);
    expect(leftovers(one.directory)).toEqual([]);
  });

  it('takes a name of 255 bytes and refuses one of 256', async () => {
    await using share = await testShare();
    const name = (bytes: number) => `${'ż'.repeat(125)}${'a'.repeat(bytes - 254)}.txt`;
    expect((await share.put(name(255), 'x')).statusCode).toBe(201);
    const tooLong = await share.put(name(256), 'x');
    expect([tooLong.statusCode, tooLong.json()]).toEqual([400, { error: 'The name is longer than 255 bytes.' }]);
  });

  it.each([
    ['notes', `The name has no extension; allowed are ${KINDS}.`],
    ['notes.', `The name has no extension; allowed are ${KINDS}.`],
    ['a.txt.exe', `Files of the kind .exe are not allowed; allowed are ${KINDS}.`],
    ['', 'The file has no name.'],
    ['.txt', `The name has no extension; allowed are ${KINDS}.`],
    ['.drafts', `The name has no extension; allowed are ${KINDS}.`],
    ['.hidden.txt', 'The name must not begin with a dot.'],
    ['..txt', 'The name must not begin with a dot.'],
    ['a\nb.txt', 'The name holds characters that cannot be seen.'],
    ['a\u202etxt.exe.txt', 'The name holds characters that cannot be seen.'],
    ['a\u007f.txt', 'The name holds characters that cannot be seen.'],
    ['a\u200b.txt', 'The name holds characters that cannot be seen.'],
    ['\ufeffa.txt', 'The name holds characters that cannot be seen.'],
  ])('refuses the name %j', async (name, error) => {
    await using share = await testShare();
    const answer = await share.put(name, 'x');
    expect([answer.statusCode, answer.json()]).toEqual([400, { error }]);
    expect(readdirSync(share.directory)).toEqual(['.drafts']);
  });

  it.each([
    '..%2fa.txt',
    '%2e%2e%2fa.txt',
    '..%5ca.txt',
    '%00a.txt',
    'a%00.txt',
    'sub/a.txt',
    '%zz.txt',
    '%ff.txt',
    '%ed%a0%80.txt',
  ])('never leaves the folder, or takes broken text, for %s', async (path) => {
    await using share = await testShare();
    mkdirSync(join(share.directory, 'sub'));
    const answer = await share.app.inject({ method: 'POST', url: `/upload/${path}`, payload: 'x' });
    expect([400, 404]).toContain(answer.statusCode);
    expect(answer.json()).toEqual({ error: expect.stringMatching(/\.$/) });
    expect(readdirSync(share.directory)).toEqual(['.drafts', 'sub']);
  });

  it.each([
    ['no body', {}],
    ['an empty JSON body', { 'content-type': 'application/json' }],
  ])('refuses %s', async (_what, headers) => {
    await using share = await testShare();
    const answer = await share.put('a.txt', '', headers);
    expect([answer.statusCode, answer.json()]).toEqual([400, { error: 'The file is empty.' }]);
    expect(leftovers(share.directory)).toEqual([]);
  });

  it('takes a file of the largest size, and refuses a byte more by its length and while it arrives', async () => {
    await using share = await testShare({ MAX_FILE_BYTES: '100000' });
    expect((await share.put('fits.txt', Buffer.alloc(100_000))).statusCode).toBe(201);
    const error = { error: 'The file is larger than 100000 bytes.' };
    const told = await share.put('told.txt', Buffer.alloc(100_001));
    expect([told.statusCode, told.json()]).toEqual([413, error]);
    await share.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = share.app.server.address() as { port: number };
    const untold = await fetch(`http://127.0.0.1:${port}/upload/untold.txt`, {
      method: 'POST',
      body: new Blob([Buffer.alloc(100_001)]).stream(),
      duplex: 'half',
    });
    expect([untold.status, await untold.json()]).toEqual([413, error]);
    expect(readdirSync(share.directory).sort()).toEqual(['.drafts', 'fits.txt']);
    expect(leftovers(share.directory)).toEqual([]);
  });

  it('allows the extensions that are configured, and no others', async () => {
    await using share = await testShare({ ALLOWED_EXTENSIONS: 'CSV, md' });
    expect((await share.put('a.csv', 'x')).statusCode).toBe(201);
    expect((await share.put('a.MD', 'x')).statusCode).toBe(201);
    expect((await share.put('a.txt', 'x')).json()).toEqual({
      error: 'Files of the kind .txt are not allowed; allowed are csv and md.',
    });
  });
});

describe('POST /upload', () => {
  const file = { filename: 'a.txt', content: 'hello' };
  const JSON_ASKED = { accept: 'application/json' };

  it('stores the file of a form and leads back to the page', async () => {
    await using share = await testShare();
    const answer = await share.form([{ field: 'note', content: 'x' }, file], {});
    expect([answer.statusCode, answer.headers.location, answer.body]).toEqual([303, '/upload', '']);
    expect(readFileSync(join(share.directory, 'a.txt'), 'utf8')).toBe('hello');
  });

  it('answers in JSON where that is asked for', async () => {
    await using share = await testShare({ BASE_URL: 'https://files.example' });
    const answer = await share.form([file]);
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      { filename: 'a.txt', url: 'https://files.example/download/a.txt' },
    ]);
  });

  it.each([
    ['żółw 🐢.txt', 'żółw 🐢.txt'],
    ['żółw.txt'.normalize('NFD'), 'żółw.txt'],
    ['a%22b%22 100%25.txt', 'a"b" 100%25.txt'],
  ])('reads the name %s as browsers mean it', async (said, name) => {
    await using share = await testShare();
    expect((await share.form([{ ...file, filename: said }])).json()).toMatchObject({ filename: name });
    expect(readdirSync(share.directory)).toContain(name);
  });

  it.each<[string, Parameters<Awaited<ReturnType<typeof testShare>>['form']>[0], string]>([
    ['no part', [], 'The form has no file in the field "file".'],
    ['fields alone', [{ field: 'note', content: 'x' }], 'The form has no file in the field "file".'],
    ['text in the field', [{ content: 'x' }], 'The field "file" of the form holds no file.'],
    ['a wrong field', [{ ...file, field: 'upload' }], 'The file has to be in the field "file".'],
    ['two files', [file, { ...file, filename: 'b.txt' }], 'Only one file can be uploaded at a time.'],
    ['an empty name', [{ ...file, filename: '' }], 'The file has no name.'],
    ['an empty file', [{ ...file, content: '' }], 'The file is empty.'],
    ['a path', [{ ...file, filename: '../a.txt' }], 'The name must not hold a path.'],
    ['a path of Windows', [{ ...file, filename: 'C:\\\\a.txt' }], 'The name must not hold a path.'],
    [
      'a name with a line break',
      [{ ...file, filename: 'a%0Ab.txt' }],
      'The name holds characters that cannot be seen.',
    ],
    [
      'a name that is no UTF-8',
      [{ ...file, filename: Buffer.from([0x61, 0xff, 0x2e, 0x74, 0x78, 0x74]) }],
      'The name holds characters that cannot be seen.',
    ],
    ['no extension', [{ ...file, filename: 'a' }], `The name has no extension; allowed are ${KINDS}.`],
  ])('refuses %s, in JSON and as a page', async (_what, parts, error) => {
    await using share = await testShare();
    const json = await share.form(parts, JSON_ASKED);
    expect([json.statusCode, json.json()]).toEqual([400, { error }]);
    const page = await share.form(parts, {});
    expect([page.statusCode, page.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
    expect(page.body).toContain(error.replaceAll('"', '&#34;'));
    expect(page.body).toContain('href="/upload"');
    expect(readdirSync(share.directory)).toEqual(['.drafts']);
    expect(leftovers(share.directory)).toEqual([]);
  });

  it('refuses a name that is there, and a file too large, with the same status as a page', async () => {
    await using share = await testShare({ MAX_FILE_BYTES: '1000' });
    await share.form([file]);
    const large = { ...file, filename: 'b.txt', content: Buffer.alloc(1001) };
    const huge = { ...file, filename: 'b.txt', content: Buffer.alloc(100_000) };
    for (const [part, status] of [
      [file, 409],
      [large, 413],
      [huge, 413],
    ] as const) {
      expect((await share.form([part], JSON_ASKED)).statusCode).toBe(status);
      const page = await share.form([part], { accept: 'text/html,*/*;q=0.8' });
      expect([page.statusCode, page.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    }
    expect((await share.form([{ ...file, filename: 'c.txt', content: Buffer.alloc(1000) }])).statusCode).toBe(201);
    expect(readFileSync(join(share.directory, 'a.txt'), 'utf8')).toBe('hello');
    expect(leftovers(share.directory)).toEqual([]);
  });

  it.each([
    [415, { 'content-type': 'application/json' }, '{}'],
    [415, { 'content-type': 'application/json' }, '{'],
    [415, { 'content-type': 'application/json' }, ' '.repeat(2_000_000)],
    [415, { 'content-type': 'text/plain' }, 'x'],
    [415, {}, undefined],
    [400, { 'content-type': 'multipart/form-data' }, 'x'],
    [400, { 'content-type': 'multipart/form-data; boundary=b' }, ''],
    [
      400,
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\ncontent-disposition: form-data; name="file"; fi',
    ],
    [
      400,
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\ncut off',
    ],
  ])('answers %i to what is no form, or a part of one (%j)', async (status, headers, payload) => {
    await using share = await testShare();
    const answer = await share.app.inject({
      method: 'POST',
      url: '/upload',
      headers: { accept: 'application/json', ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    expect([answer.statusCode, Object.keys(answer.json())]).toEqual([status, ['error']]);
    expect(readdirSync(share.directory)).toEqual(['.drafts']);
    expect(leftovers(share.directory)).toEqual([]);
  });
});

describe('drafts', () => {
  it('are swept when nobody has written to them for longer than any upload may take', async () => {
    await using share = await testShare();
    const drafts = join(share.directory, '.drafts');
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    for (const [name, hours] of [
      ['dead', 2],
      ['alive', 1],
    ] as const) {
      writeFileSync(join(drafts, name), 'x');
      utimesSync(join(drafts, name), hoursAgo(hours), hoursAgo(hours));
    }
    await using other = await testShare({}, share.directory);
    expect(leftovers(other.directory)).toEqual(['alive']);
    expect(other.logged()).toContain('"swept":1');
  });
});

const leftovers = (directory: string): string[] => readdirSync(join(directory, '.drafts'));
