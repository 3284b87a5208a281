import { runService } from '@lobbie/api/service/run-service';
import manifest from '../package.json' with { type: 'json' };
import { buildTasks } from './build-tasks.ts';
import { tasksShape } from './tasks-config.ts';

await runService(process, tasksShape, (config) => buildTasks({ config, version: manifest.version }));
