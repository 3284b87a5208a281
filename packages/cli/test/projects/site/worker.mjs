// Does what the applications have left to do, and listens on nothing.
import { setTimeout } from 'node:timers/promises';
import { sql } from './database.mjs';

process.once('SIGTERM', () => process.exit(0));
for (;;) {
  await sql('UPDATE rows SET done = true WHERE NOT done').catch((error) => process.stderr.write(`${error.message}\n`));
  await setTimeout(200);
}
