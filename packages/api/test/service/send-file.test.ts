import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { attachment, sendFile } from '../../src/service/send-file.ts';
import { testService } from './test-service.ts';

const directory = mkdtempSync(join(tmpdir(), 'send-file-'));
afterAll(() => rmSync(directory, { recursive: true }));
writeFileSync(join(directory, 'ten'), '0123456789');
writeFileSync(join(directory, 'none'), '');
mkdirSync(join(directory, 'folder'));
symlinkSync('ten', join(directory, 'link'));

const { app } = await testService((routes) => {
  routes.route<{ Params: { name: string } }>({
    method: ['GET', 'HEAD'],
    url: '/:name',
    handler: (request, reply) =>
      sendFile(request, reply, { path: join(directory, request.params.name), type: 'text/plain', saveAs: 'ten.txt' }),
  });
});
const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url, headers });

describe('sendFile', () => {
  it('sends all of a file, as an attachment that nothing may take for a page', async () => {
    const { statusCode, headers, body } = await get('/ten');
    expect([statusCode, body]).toEqual([200, '0123456789']);
    expect(headers).toMatchObject({
      'content-type': 'text/plain',
      'content-length': '10',
      'content-disposition': `attachment; filename="ten.txt"; filename*=UTF-8''ten.txt`,
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      etag: expect.stringMatching(/^"[0-9a-z-]+"$/),
    });
  });

  it('sends a part', async () => {
    const { statusCode, headers, body } = await get('/ten', { range: 'bytes=2-4' });
    expect([statusCode, body, headers['content-range'], headers['content-length']]).toEqual([
      206,
      '234',
      'bytes 2-4/10',
      '3',
    ]);
  });

  it('says how long a file is where a part cannot be served', async () => {
    const { statusCode, headers, body } = await get('/ten', { range: 'bytes=10-' });
    expect([statusCode, headers['content-range'], headers['content-disposition'], JSON.parse(body)]).toEqual([
      416,
      'bytes */10',
      undefined,
      { error: 'The range cannot be served.' },
    ]);
  });

  it('answers HEAD with the same headers and no body', async () => {
    const [whole, head] = [await get('/ten'), await get('/ten', {}, 'HEAD')];
    const { date: _, ...wanted } = whole.headers;
    expect([head.statusCode, head.body]).toEqual([200, '']);
    expect(head.headers).toMatchObject(wanted);
  });

  it('says that what a client has is current, and refuses what it does not have', async () => {
    const etag = String((await get('/ten')).headers.etag);
    const current = await get('/ten', { 'if-none-match': etag });
    expect([current.statusCode, current.body, current.headers.etag]).toEqual([304, '', etag]);
    expect((await get('/ten', { 'if-match': '"other"' })).statusCode).toBe(412);
    writeFileSync(join(directory, 'ten'), '9876543210');
    expect((await get('/ten', { 'if-none-match': etag })).body).toBe('9876543210');
  });

  it('sends a file without bytes', async () => {
    const { statusCode, headers, body } = await get('/none');
    expect([statusCode, headers['content-length'], body]).toEqual([200, '0', '']);
  });

  it.each(['missing', 'folder', 'link', 'x'.repeat(300)])('finds nothing under %s', async (name) => {
    const { statusCode, body } = await get(`/${name}`);
    expect([statusCode, JSON.parse(body)]).toEqual([404, { error: 'There is nothing here.' }]);
  });
});

describe('attachment', () => {
  it.each([
    ['a b.txt', `attachment; filename="a b.txt"; filename*=UTF-8''a%20b.txt`],
    ['żółw 🐢.txt', `attachment; filename="___w _.txt"; filename*=UTF-8''%C5%BC%C3%B3%C5%82w%20%F0%9F%90%A2.txt`],
    [`a"\\%'(1)*.txt`, `attachment; filename="a___'(1)*.txt"; filename*=UTF-8''a%22%5C%25%27%281%29%2A.txt`],
  ])('names %s', (name, header) => {
    expect(attachment(name)).toBe(header);
  });
});
