#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { EXIT } from './exit-status.ts';

const { version, engines, bugs } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
  engines: { node: string };
  bugs: { url: string };
};
checkNode(engines.node);
// Compiling takes half of the time needed to load a command. The cache is not in Node's default directory, which all
// users share: lobbie would run code that others write there. Node 20 has no such cache.
module.enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lobbie'));
// Loaded only now: older Node versions cannot parse it.
const { main } = await import('./main.ts');
await main({ version, bugsUrl: bugs.url }, import.meta.url);

/** @param wanted such as `>=20.16` */
function checkNode(wanted: string): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [least = 0, leastMinor = 0] = wanted.replace('>=', '').split('.').map(Number);
  if (major > least || (major === least && minor >= leastMinor)) return;
  process.stderr.write(
    `x lobbie needs Node ${wanted.replace('>=', '')} or newer, and this is ${process.versions.node}.\n  -> Install a newer one: https://nodejs.org\n`,
  );
  // A type alone: older Node versions cannot parse the rest of lobbie.
  process.exit(3 satisfies (typeof EXIT)['invalidInput']);
}
