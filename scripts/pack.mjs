import { join, resolve } from 'node:path';
import { packCli } from './pack-cli.mjs';
import { main, ROOT } from './run-node.mjs';

/** `npm run pack:cli`: writes the command's package to `.lobbie/pack/lobbie.tgz` or to the given path. */
await main(async () => {
  const file = resolve(process.argv[2] ?? join(ROOT, '.lobbie', 'pack', 'lobbie.tgz'));
  await packCli(file);
  process.stdout.write(`${file}\n`);
  return 0;
});
