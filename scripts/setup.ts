import { dirname } from 'node:path';
import { ensureBaseImages } from './base-images.ts';
import { ensureEngine } from './engine.ts';
import { phase } from './phase.ts';
import { SetupError } from './setup-error.ts';

const root = dirname(import.meta.dirname);

try {
  const engine = await phase('engine', async () => {
    const value = await ensureEngine(root);
    return { value, outcome: `${value.url} (${value.chosenBy})` };
  });
  // An engine over ssh or TLS may use another registry. lobbie pulls there when it builds.
  if (engine.plain) {
    await phase('images', async () => {
      const images = await ensureBaseImages(engine.url, root);
      return { value: undefined, outcome: images.sort().join(', ') };
    });
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\n${error.message}\n${error.nextStep}\n`);
  process.exitCode = 1;
}
