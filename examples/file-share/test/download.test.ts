import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testShare } from './test-share.ts';

describe('GET /download', () => {
  it('lists all files by name, with their addresses', async () => {
    await using share = await testShare();
    const list = async () =>
      (await share.app.inject({ url: '/download', headers: { host: 'files.example:8000' } })).json();
    expect(await list()).toEqual([]);
    for (const name of ['ż.txt', 'b.TXT', 'a b.png', 'A.pdf', '__proto__.txt']) await share.put(name, 'x');
    mkdirSync(join(share.directory, 'folder.txt'));
    symlinkSync('A.pdf', join(share.directory, 'link.txt'));
    // Put there by hand, under names that nobody can ask for.
    for (const name of ['a\nb.txt', 'e\u0301.txt', '.hidden.txt']) writeFileSync(join(share.directory, name), 'x');
    expect(await list()).toEqual([
      { filename: 'A.pdf', url: 'http://files.example:8000/download/A.pdf' },
      { filename: '__proto__.txt', url: 'http://files.example:8000/download/__proto__.txt' },
      { filename: 'a b.png', url: 'http://files.example:8000/download/a%20b.png' },
      { filename: 'b.TXT', url: 'http://files.example:8000/download/b.TXT' },
      { filename: 'ż.txt', url: 'http://files.example:8000/download/%C5%BC.txt' },
    ]);
  });

  it('believes a trusted proxy alone in what the client calls the server', async () => {
    const headers = { 'x-forwarded-host': 'files.example', 'x-forwarded-proto': 'https', host: 'inner' };
    for (const [env, url] of [
      [{}, 'http://inner/download/a.txt'],
      [{ TRUST_PROXY: 'loopback' }, 'https://files.example/download/a.txt'],
    ] as const) {
      await using share = await testShare(env);
      await share.put('a.txt', 'x');
      expect((await share.app.inject({ url: '/download', headers })).json()).toEqual([{ filename: 'a.txt', url }]);
    }
  });
});

describe('GET /download/<name>', () => {
  it.each([
    ['a.txt', 'text/plain; charset=utf-8'],
    ['a.rtf', 'application/rtf'],
    ['a.doc', 'application/msword'],
    ['a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['a.xls', 'application/vnd.ms-excel'],
    ['a.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['a.pdf', 'application/pdf'],
    ['a.PNG', 'image/png'],
    ['a.jpg', 'image/jpeg'],
    ['a.jpeg', 'image/jpeg'],
    ['a.constructor', 'application/octet-stream'],
  ])('sends %s as an attachment of the type %s', async (name, type) => {
    await using share = await testShare({ ALLOWED_EXTENSIONS: `${KINDS} constructor` });
    await share.put(name, '<script>alert(1)</script>');
    const { statusCode, headers, body } = await share.app.inject(`/download/${name}`);
    expect([statusCode, body]).toEqual([200, '<script>alert(1)</script>']);
    expect(headers).toMatchObject({
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"; filename*=UTF-8''${name}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });

  it('knows HEAD, ranges and tags', async () => {
    await using share = await testShare();
    await share.put('a.txt', '0123456789');
    const url = '/download/a.txt';
    const head = await share.app.inject({ method: 'HEAD', url });
    const etag = String(head.headers.etag);
    expect([head.statusCode, head.headers['content-length'], head.body]).toEqual([200, '10', '']);
    const part = await share.app.inject({ url, headers: { range: 'bytes=-4', 'if-range': etag } });
    expect([part.statusCode, part.headers['content-range'], part.body]).toEqual([206, 'bytes 6-9/10', '6789']);
    expect((await share.app.inject({ url, headers: { 'if-none-match': etag } })).statusCode).toBe(304);
    const beyond = await share.app.inject({ url, headers: { range: 'bytes=10-' } });
    expect([beyond.statusCode, beyond.headers['content-range'], beyond.json()]).toEqual([
      416,
      'bytes */10',
      { error: 'The range cannot be served.' },
    ]);
  });

  it('has the same tag from another server on the folder', async () => {
    await using one = await testShare();
    await using two = await testShare({}, one.directory);
    await one.put('a.txt', 'x');
    const tag = async ({ app }: typeof one) => (await app.inject('/download/a.txt')).headers.etag;
    expect(await tag(one)).toBe(await tag(two));
  });

  it.each([
    ['missing.txt', 404, 'There is no file named missing.txt.'],
    ['folder.txt', 404, 'There is no file named folder.txt.'],
    ['link.txt', 404, 'There is no file named link.txt.'],
    ['__proto__', 404, 'There is no file named __proto__.'],
    ['.drafts', 400, 'The name must not begin with a dot.'],
    ['a'.repeat(256), 400, 'The name is longer than 255 bytes.'],
    ['', 404, 'There is nothing here.'],
    ['%2e%2e%2f.drafts', 400, 'The path is not valid.'],
    ['%00', 400, 'The path is not valid.'],
  ])('finds nothing under %s', async (name, status, error) => {
    await using share = await testShare();
    mkdirSync(join(share.directory, 'folder.txt'));
    symlinkSync('/etc/hostname', join(share.directory, 'link.txt'));
    const answer = await share.app.inject(`/download/${name}`);
    expect([answer.statusCode, answer.json()]).toEqual([status, { error }]);
  });
});

const KINDS = 'txt rtf doc docx xls xlsx pdf png jpg jpeg';
