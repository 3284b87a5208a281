import { createHash } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '@lobbie/api/service/parse-config';
import { describe, expect, it } from 'vitest';
import { fileShareShape } from '../src/file-share-config.ts';
import { sizeOf } from '../src/size-of.ts';
import { testShare } from './test-share.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('GET /', () => {
  it('leads to the page', async () => {
    await using share = await testShare();
    const { statusCode, headers } = await share.app.inject('/');
    expect([statusCode, headers.location]).toEqual([302, '/upload']);
  });
});

describe('GET /upload', () => {
  it('is a form that works without its script, and the list of files with links', async () => {
    await using share = await testShare({ MAX_FILE_BYTES: '1500' });
    await share.put('a "b" & <c>.txt', 'x'.repeat(1200));
    const { statusCode, headers, body } = await share.app.inject('/upload');
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toMatch(/<form [^>]*action="\/upload" method="post" enctype="multipart\/form-data"/);
    expect(body).toMatch(/<input id="file" name="file" type="file" required/);
    expect(body).toContain('<h2 id="files-title">1 file</h2>');
    expect(body).toContain('href="/download/a%20%22b%22%20%26%20%3Cc%3E.txt"');
    expect(body).toContain('<bdi class="name">a &#34;b&#34; &#38; &#60;c&#62;.txt</bdi>');
    expect(body).toContain('1.2 kB');
    expect(body).toContain('up to 1.5 kB');
    expect((await share.app.inject({ method: 'HEAD', url: '/upload' })).statusCode).toBe(200);
  });

  it('allows its own style and script by their hashes, and nothing else', async () => {
    await using share = await testShare();
    const { headers, body } = await share.app.inject('/upload');
    const policy = String(headers['content-security-policy']);
    for (const [tag, directive] of [
      ['style', 'style-src'],
      ['script', 'script-src'],
    ]) {
      const text = new RegExp(`<${tag}>([^]*)</${tag}>`).exec(body)?.[1] ?? '';
      const hash = createHash('sha256').update(text).digest('base64');
      expect(policy).toContain(`${directive} 'sha256-${hash}'`);
    }
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });
});

describe('an error', () => {
  it.each([
    ['GET', '/nowhere', 404, 'There is nothing here.'],
    ['GET', '/download/none.txt', 404, 'There is no file named none.txt.'],
    ['PUT', '/upload', 405, 'The method PUT is not allowed here.'],
    ['POST', '/upload/a.exe', 400, 'Files of the kind .exe are not allowed'],
    ['GET', '/download/%2f', 400, 'The path is not valid.'],
    ['GET', '/%zz', 400, 'The path is not valid: it contains a percent sign'],
  ] as const)('of %s %s is JSON, and a page for a browser', async (method, url, status, sentence) => {
    await using share = await testShare();
    const json = await share.app.inject({ method, url });
    expect([json.statusCode, json.headers['content-type']]).toEqual([
      status,
      expect.stringMatching(/^application\/json/),
    ]);
    expect(json.json()).toEqual({ error: expect.stringContaining(sentence) });
    const page = await share.app.inject({ method, url, headers: BROWSER });
    expect([page.statusCode, page.headers['content-type'], page.headers.allow]).toEqual([
      status,
      'text/html; charset=utf-8',
      json.headers.allow,
    ]);
    // A path that cannot be read is refused before the service sees it.
    if (url !== '/%zz')
      for (const { headers } of [json, page])
        expect(headers).toMatchObject({
          'content-security-policy': expect.any(String),
          'x-content-type-options': 'nosniff',
        });
    expect(page.body).toContain(sentence);
    expect(page.body).toContain('<a class="button" href="/upload">');
  });

  it('never brings markup of the client into a page', async () => {
    await using share = await testShare();
    const { body } = await share.app.inject({ url: '/download/%3Cimg%20src=x%3E.txt', headers: BROWSER });
    expect(body).toContain('There is no file named &#60;img src=x&#62;.txt.');
    expect(body).not.toContain('<img');
  });
});

describe('/ready', () => {
  it('turns 503 while files cannot be made in the folder', async () => {
    await using share = await testShare();
    share.lifecycle.markReady();
    expect((await share.app.inject('/ready')).statusCode).toBe(200);
    renameSync(join(share.directory, '.drafts'), join(share.directory, '.away'));
    const unready = await share.app.inject('/ready');
    expect([unready.statusCode, unready.json()]).toEqual([
      503,
      { error: 'The folder of the files cannot be written.' },
    ]);
    const upload = await share.put('a.txt', 'x');
    expect([upload.statusCode, upload.json()]).toEqual([503, { error: 'The folder of the files cannot be used now.' }]);
    renameSync(join(share.directory, '.away'), join(share.directory, '.drafts'));
    expect((await share.app.inject('/ready')).statusCode).toBe(200);
    expect((await share.put('a.txt', 'x')).statusCode).toBe(201);
  });

  it('turns 503 while the folder is gone, as everything does that needs it', async () => {
    await using share = await testShare();
    share.lifecycle.markReady();
    renameSync(share.directory, `${share.directory}.away`);
    for (const url of ['/ready', '/upload', '/download']) {
      const { statusCode, body } = await share.app.inject(url);
      expect([url, statusCode, body]).toEqual([
        url,
        503,
        expect.stringMatching(/^\{"error":"The folder of the files /),
      ]);
      expect(body).not.toContain(share.directory);
    }
    renameSync(`${share.directory}.away`, share.directory);
    expect((await share.app.inject('/download')).json()).toEqual([]);
  });
});

describe('the configuration', () => {
  it.each([
    ['MAX_FILE_BYTES', '0'],
    ['MAX_FILE_BYTES', '2 GB'],
    ['ALLOWED_EXTENSIONS', ' , '],
    ['ALLOWED_EXTENSIONS', '.txt'],
    ['TRUST_PROXY', 'everyone'],
    ['BASE_URL', 'files.example'],
  ])('refuses %s=%j', (name, value) => {
    expect(() => parseConfig(fileShareShape, { [name]: value })).toThrow(new RegExp(`^${name}: expected `));
  });

  it('gives an hour to send a file unless told otherwise', () => {
    expect(parseConfig(fileShareShape, {})).toMatchObject({
      REQUEST_TIMEOUT_MS: 3_600_000,
      MAX_FILE_BYTES: 2_000_000_000,
      FILES_DIR: '/files',
      PORT: 3000,
    });
  });

  it('refuses to start on a folder that is missing or none', async () => {
    await expect(testShare({}, '/nowhere/at/all')).rejects.toThrow(
      'FILES_DIR: /nowhere/at/all is missing; mount or create the directory.',
    );
    const directory = mkdtempSync(join(tmpdir(), 'file-share-'));
    const file = join(directory, 'file');
    writeFileSync(file, '');
    await expect(testShare({}, file)).rejects.toThrow(`FILES_DIR: ${file} is not a directory.`);
    rmSync(directory, { recursive: true });
  });
});

describe('sizeOf', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [1250, '1.3 kB'],
    [9949, '9.9 kB'],
    [9999, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [2_147_483_648, '2.1 GB'],
  ])('tells %i as %s', (bytes, told) => {
    expect(sizeOf(bytes)).toBe(told);
  });
});
