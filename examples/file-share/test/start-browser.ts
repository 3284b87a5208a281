import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as driver } from 'playwright-core';
import { chromium } from './find-chromium.ts';

/** Nothing but what the page asks for leaves the browser. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium with a profile of its own, which goes away with it. */
export async function startBrowser(options: { readonly javaScriptEnabled?: boolean } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'file-share-chromium-'));
  const context = await driver.launchPersistentContext(profile, {
    executablePath: chromium ?? '',
    headless: true,
    args: FLAGS,
    acceptDownloads: true,
    // A policy that is got around would prove nothing.
    bypassCSP: false,
    ...options,
  });
  return {
    context,
    async [Symbol.asyncDispose]() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
