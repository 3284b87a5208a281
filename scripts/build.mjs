import { prepare } from './prepare.mjs';
import { main } from './run-node.mjs';

/** Builds both packages afresh. Runs before packages/cli is packed, so that a package never carries an old build. */
await main(async () => {
  await prepare({ rebuild: true });
  return 0;
});
