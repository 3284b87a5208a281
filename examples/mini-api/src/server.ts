import { runService } from '@lobbie/api/service/run-service';
import manifest from '../package.json' with { type: 'json' };
import { buildMini } from './build-mini.ts';
import { miniShape } from './mini-config.ts';

await runService(process, miniShape, (config) => buildMini({ config, version: manifest.version }), 'FLASK_PORT');
