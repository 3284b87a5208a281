import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { FirstRunError, main, ROOT, run } from './run-node.mjs';
import { whatToTry } from './what-to-try.mjs';

const ENV_FILE = join(ROOT, '.env');

/** `npm start`: from a fresh clone to two running replicas. Arguments after `--` go to `lobbie deploy`. */
await main(async () => {
  const node = await prepare();
  const setup = await run(node, [join('scripts', 'setup.ts')], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (setup.status !== 0) return setup.status;
  process.stderr.write('\n');
  takeOwnBundle();

  const lobbie = join(ROOT, 'packages', 'cli', 'dist', 'bin.js');
  if (!existsSync(lobbie)) {
    throw new FirstRunError(
      'The build did not create packages/cli/dist/bin.js.',
      'Run `rm -rf .lobbie/build`, then this again.',
    );
  }
  const argv = process.argv.slice(2);
  // Without the `--`, Node would treat an `--env-file` in the arguments as its own.
  const deploy = await run(node, ['--', lobbie, 'deploy', ...argv], { stdio: 'inherit' });
  if (deploy.status !== 0) return deploy.status;
  if (!argv.some((argument) => ['--dry-run', '--help', '-h', '--json', '-q'].includes(argument))) {
    process.stderr.write(whatToTry(argv, process.env.LOBBIE_PORT || portOfEnvFile() || '8080'));
  }
  return 0;
});

/** The API has been built here, so its image need not build it again, which would need the npm registry. */
function takeOwnBundle() {
  const text = existsSync(ENV_FILE) ? readFileSync(ENV_FILE, 'utf8') : '';
  if (/^[ \t]*LOBBIE_BUNDLE[ \t]*=/m.test(text)) return;
  appendFileSync(ENV_FILE, `${text === '' || text.endsWith('\n') ? '' : '\n'}LOBBIE_BUNDLE=prebuilt\n`);
}

function portOfEnvFile() {
  return existsSync(ENV_FILE)
    ? /^[ \t]*LOBBIE_PORT[ \t]*=[ \t]*(\d+)/m.exec(readFileSync(ENV_FILE, 'utf8'))?.[1]
    : undefined;
}
