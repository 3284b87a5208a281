import { join } from 'node:path';
import { packCli } from './pack-cli.mjs';
import { FirstRunError, lastLines, main, phase, ROOT, run } from './run-node.mjs';

/** `npm run install:global`: from a fresh clone to `lobbie` on the PATH. The clone is not needed afterwards. */
await main(async () => {
  const file = join(ROOT, '.lobbie', 'pack', 'lobbie.tgz');
  await phase('pack', async () => {
    await packCli(file);
    return 'packages/api and packages/cli built and packed';
  });
  await phase('install', async () => {
    // The user's PATH: npm must install into the user's own directory, not the repository's.
    const argv = ['install', '--global', '--no-audit', '--no-fund', '--no-update-notifier', file];
    const { status, output } = await run('npm', argv, { env: process.env });
    if (status !== 0) throw new FirstRunError(`npm could not install it:\n${lastLines(output)}`, adviceOn(output));
    return `lobbie installed in ${await globalDirectory()}`;
  });
  process.stderr.write('\nTry it: lobbie --help\n');
  return 0;
});

async function globalDirectory() {
  const { output } = await run('npm', ['prefix', '--global'], { env: process.env });
  return output.trim();
}

const adviceOn = (output) =>
  /EACCES|EPERM/.test(output)
    ? 'You have no permission to write there. Choose another directory and add its bin to the PATH: npm config set prefix ~/.npm-global'
    : 'Fix this, then run `npm run install:global` again.';
