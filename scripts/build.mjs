import { prepare } from './prepare.mjs';
import { main } from './run-node.mjs';

/** Builds both packages. Runs before packages/cli is packed, so that a package never contains an old build. */
await main(async () => {
  await prepare({ rebuild: true });
  return 0;
});
