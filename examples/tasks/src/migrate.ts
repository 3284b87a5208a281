import { runJob } from '@lobbie/api/service/run-job';
import { migrateDatabase } from './migrate-database.ts';
import { migrations } from './migrations/migrations.ts';
import { migrateShape } from './tasks-config.ts';

await runJob(process, migrateShape, (config) => migrateDatabase({ config, migrations }));
