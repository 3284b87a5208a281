import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeWithChromium } from './find-chromium.ts';
import { startBrowser } from './start-browser.ts';
import { testFolder } from './start-share.ts';
import { testShare } from './test-share.ts';

type Browser = Awaited<ReturnType<typeof startBrowser>>;
type Share = Awaited<ReturnType<typeof testShare>> & { readonly url: string };

const file = (name: string, content: string | Buffer = 'hello') => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

/** A share on an empty folder for each test, and a page on it in a browser that all of them use. */
function withPage(options?: Parameters<typeof startBrowser>[0]) {
  let browser: Browser;
  const now = {} as { share: Share; page: Page; complaints: string[] };
  beforeAll(async () => {
    browser = await startBrowser(options);
  });
  afterAll(() => browser?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    const share = await testShare({ MAX_FILE_BYTES: '5000000' });
    await share.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = share.app.server.address() as { port: number };
    now.share = Object.assign(share, { url: `http://127.0.0.1:${port}` });
    now.page = await browser.context.newPage();
    now.complaints = [];
    now.page.on('pageerror', (error) => now.complaints.push(error.message));
    now.page.on('console', (message) => {
      if (/Content Security Policy|Refused/.test(message.text())) now.complaints.push(message.text());
    });
    await now.page.goto(now.share.url);
  });
  afterEach(async () => {
    await now.page.close();
    // Browsers keep connections that they have not used yet, which a server would wait for.
    now.share.app.server.closeAllConnections();
    await now.share[Symbol.asyncDispose]();
    expect(now.complaints).toEqual([]);
  });
  return now;
}

/** Waits until the page has something to say: what was done, or what is wrong. */
const told = (page: Page, where: 'status' | 'problem'): Promise<void> =>
  page.locator(`#${where}:not(:empty)`).waitFor();

const names = (page: Page): Promise<string[]> => page.locator('#files .name').allTextContents();
const stored = ({ directory }: Share, name: string): string => readFileSync(join(directory, name), 'utf8');

describeWithChromium('the page without its script', () => {
  const now = withPage({ javaScriptEnabled: false });

  it('uploads a file, lists it and downloads it', async () => {
    const { page, share } = now;
    await page.setInputFiles('#file', file('żółw 🐢.txt'));
    await page.click('#send');
    expect(new URL(page.url()).pathname).toBe('/upload');
    expect(await names(page)).toEqual(['żółw 🐢.txt']);
    expect(stored(share, 'żółw 🐢.txt')).toBe('hello');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#files a')]);
    expect(download.suggestedFilename()).toBe('żółw 🐢.txt');
    expect(readFileSync(await download.path(), 'utf8')).toBe('hello');
  });

  it('uploads a file whose name has quotes and markup', async () => {
    const { page } = now;
    const name = `<b>"it's" 100% & more</b>.txt`.replace('/', '∕');
    await page.setInputFiles('#file', file(name));
    await page.click('#send');
    expect(await names(page)).toEqual([name]);
  });

  it('shows an error as a page that leads back', async () => {
    const { page, share } = now;
    await share.put('a.txt', 'first');
    await page.setInputFiles('#file', file('a.txt', 'second'));
    const [answer] = await Promise.all([page.waitForEvent('response'), page.click('#send')]);
    expect(answer.status()).toBe(409);
    expect(await page.textContent('h1')).toBe('The name is taken');
    expect(await page.textContent('.sentence')).toBe('There is a file named a.txt already.');
    await page.click('text=Back to the files');
    expect(await names(page)).toEqual(['a.txt']);
    expect(stored(share, 'a.txt')).toBe('first');
  });
});

describeWithChromium('the page with its script', () => {
  const now = withPage();

  it('uploads several files and shows how far each one is', async () => {
    const { page, share } = now;
    // Recorded within the page: on loopback an upload is over before a test could look.
    await page.evaluate(`{
      window.seen = [];
      const progress = document.getElementById('progress');
      const look = () => seen.push(document.getElementById('going-name').textContent + ' ' + progress.value);
      new MutationObserver(look).observe(progress, { attributes: true });
    }`);
    await page.setInputFiles('#file', [file('one.txt', Buffer.alloc(4_000_000)), file('two.pdf')]);
    await page.click('#send');
    await told(page, 'status');
    expect(await page.textContent('#status')).toBe('2 files are uploaded.');
    expect(await page.evaluate('seen')).toEqual(expect.arrayContaining(['1 of 2: one.txt 100', '2 of 2: two.pdf 100']));
    expect(await page.isVisible('#progress')).toBe(false);
    expect(await names(page)).toEqual(['one.txt', 'two.pdf']);
    expect(stored(share, 'one.txt')).toHaveLength(4_000_000);
  });

  it('tells what is refused, by itself and by the server, beside what is uploaded', async () => {
    const { page, share } = now;
    await share.put('taken.txt', 'x');
    await page.setInputFiles('#file', [
      file('fine.txt'),
      file('taken.txt'),
      file('program.exe'),
      file('README'),
      file('empty.txt', ''),
      file('large.png', Buffer.alloc(5_000_001)),
    ]);
    await page.click('#send');
    await told(page, 'problem');
    expect((await page.textContent('#problem'))?.split('\n')).toEqual([
      'taken.txt: There is a file named taken.txt already.',
      'program.exe: Files of the kind .exe are not allowed.',
      'README: The name has no extension.',
      'empty.txt: The file is empty.',
      'large.png: The file is larger than 5 MB.',
    ]);
    expect(await page.textContent('#status')).toBe('fine.txt is uploaded.');
    expect(await names(page)).toEqual(['fine.txt', 'taken.txt']);
  });

  it('sends nothing under a name that is listed already', async () => {
    const { page } = now;
    const name = 'żółw.txt';
    await page.setInputFiles('#file', file(name));
    await page.click('#send');
    await told(page, 'status');
    let sent = 0;
    await page.route('**/upload/*', (route) => {
      sent += 1;
      return route.continue();
    });
    await page.setInputFiles('#file', file(name.normalize('NFD')));
    await page.click('#send');
    await told(page, 'problem');
    expect(await page.textContent('#problem')).toBe(`There is a file named ${name} already.`);
    expect(sent).toBe(0);
  });

  it('keeps its list where the server has none to give', async () => {
    const { page, share } = now;
    await share.put('before.txt', 'x');
    await page.reload();
    await page.route('**/upload', (route) => route.fulfill({ status: 503, body: '<h1>Away</h1>' }));
    await page.setInputFiles('#file', file('after.txt'));
    await page.click('#send');
    await told(page, 'status');
    expect(await page.textContent('#status')).toBe('after.txt is uploaded.');
    expect(await names(page)).toEqual(['before.txt']);
    expect(await page.textContent('main')).not.toContain('null');
  });

  it('takes files that are dropped anywhere', async () => {
    const { page, share } = now;
    const transfer = await page.evaluateHandle(`(() => {
      const dropped = new DataTransfer();
      dropped.items.add(new File(['dropped'], 'dropped.txt'));
      return dropped;
    })()`);
    await page.dispatchEvent('h1', 'dragover', { dataTransfer: transfer });
    expect(await page.getAttribute('#upload', 'class')).toContain('over');
    await page.dispatchEvent('h1', 'drop', { dataTransfer: transfer });
    await told(page, 'status');
    expect(await page.getAttribute('#upload', 'class')).not.toContain('over');
    expect(stored(share, 'dropped.txt')).toBe('dropped');
  });

  it('takes a real drop from outside of the browser', async () => {
    const { page, share } = now;
    using folder = testFolder();
    const path = join(folder.path, 'from-outside.txt');
    writeFileSync(path, 'outside');
    const box = await page.locator('#upload').boundingBox();
    const place = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20 };
    const devtools = await page.context().newCDPSession(page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await devtools.send('Input.dispatchDragEvent', {
        type,
        ...place,
        data: { items: [], files: [path], dragOperationsMask: 1 },
      });
    }
    await told(page, 'status');
    expect(stored(share, 'from-outside.txt')).toBe('outside');
  });

  it('can be used with the keyboard alone, and keeps the focus', async () => {
    const { page } = now;
    const focused = () => page.locator(':focus').getAttribute('id');
    // Waited for from here on: a browser that is busy would show its own chooser to a key that comes with the wish.
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('file');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(file('keys.txt'));
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('send');
    await page.keyboard.press('Enter');
    await told(page, 'status');
    expect(await page.textContent('#status')).toBe('keys.txt is uploaded.');
    expect(await focused()).toBe('send');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toContain('keys.txt');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toBe('keys.txt');
  });

  it('downloads from anywhere in a row', async () => {
    const { page, share } = now;
    await share.put('row.txt', 'x');
    await page.reload();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('#files .facts').click({ force: true }),
    ]);
    expect(download.suggestedFilename()).toBe('row.txt');
  });

  it('cancels an upload, which leaves nothing', async () => {
    const { page, share } = now;
    await page.route('**/upload/*', () => {}, { times: 1 });
    await page.setInputFiles('#file', [file('slow.txt'), file('next.txt')]);
    await page.click('#send');
    await page.click('#cancel');
    await told(page, 'status');
    expect(await page.textContent('#status')).toBe('The upload was cancelled.');
    expect(await page.locator(':focus').getAttribute('id')).toBe('send');
    expect((await share.app.inject('/download')).json()).toEqual([]);
  });

  it('says that the server cannot be reached', async () => {
    const { page } = now;
    await page.route('**/upload/*', (route) => route.abort());
    await page.setInputFiles('#file', file('a.txt'));
    await page.click('#send');
    await told(page, 'problem');
    expect(await page.textContent('#problem')).toBe('The server cannot be reached; nothing was uploaded.');
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe complains about, and fits a narrow screen (%s)',
    async (colorScheme) => {
      const { page, share } = now;
      await page.emulateMedia({ colorScheme });
      const long = `${'a'.repeat(200)}.txt`;
      for (const name of [long, 'żółw 🐢.txt', 'مرحبا.txt']) await share.put(name, 'x');
      const shown = async (what: string) => {
        await page.setViewportSize({ width: 320, height: 640 });
        expect(await page.evaluate('document.documentElement.scrollWidth'), what).toBe(320);
        await page.setViewportSize({ width: 1024, height: 768 });
        // By the devtools, which the page's policy does not hold back.
        await page.evaluate(axe.source);
        const found = await page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))',
        );
        expect(found, what).toEqual([]);
      };
      await page.reload();
      await shown('the list');
      await page.setInputFiles('#file', [file(`${'b'.repeat(200)}.txt`), file(long)]);
      await page.click('#send');
      await told(page, 'problem');
      await shown('what came of uploads');
      await page.route('**/upload/*', () => {}, { times: 1 });
      await page.setInputFiles('#file', file(`${'c'.repeat(200)}.txt`));
      await page.click('#send');
      await shown('an upload on its way');
      await page.click('#cancel');
      await page.goto(`${share.url}/download/${'d'.repeat(200)}.txt`);
      await shown('an error');
      await page.goto(`${share.url}/upload`);
    },
    60_000,
  );
});
