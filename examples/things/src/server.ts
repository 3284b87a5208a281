import { runService } from '@lobbie/api/service/run-service';
import manifest from '../package.json' with { type: 'json' };
import { buildThings } from './build-things.ts';
import { thingsShape } from './things-config.ts';

await runService(process, thingsShape, (config) => buildThings({ config, version: manifest.version }));
