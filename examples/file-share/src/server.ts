import { rmSync } from 'node:fs';
import { runService } from '@lobbie/api/service/run-service';
import manifest from '../package.json' with { type: 'json' };
import { buildFileShare } from './build-file-share.ts';
import { fileShareShape } from './file-share-config.ts';

await runService(process, fileShareShape, async (config) => {
  const share = await buildFileShare({ config, version: manifest.version, nowMs: Date.now });
  // Uploads that are cut off by the end of the process leave nothing, either.
  process.once('exit', () => {
    for (const draft of share.drafts) rmSync(draft, { force: true });
  });
  return share;
});
