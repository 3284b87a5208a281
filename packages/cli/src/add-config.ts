import { Option } from 'commander';
import { type Add, examples, withCommon, withProfiles } from './command-options.ts';
import { type CommonOptions, runCommand } from './session.ts';

interface ConfigArguments extends CommonOptions {
  readonly format?: 'yaml' | 'json';
  readonly services?: boolean;
  readonly volumes?: boolean;
  readonly images?: boolean;
  readonly hash?: string | true;
}

/** `lobbie config` */
export const addConfig: Add = (program, io, finish) => {
  withProfiles(withCommon(program.command('config')))
    .description('print the project as lobbie reads it, in the form of `docker compose config`')
    .argument('[service...]', 'only these services and what they depend on')
    .addOption(new Option('--format <format>', 'yaml (default) or json').choices(['yaml', 'json']))
    .option('--services', 'only the names of the services')
    .option('--volumes', 'only the names of the volumes')
    .option('--images', 'only the names of the images')
    .option(
      '--hash [services]',
      'a hash of each of these services without its secret values, such as web,db (default: all)',
    )
    .addHelpText('after', examples('lobbie config', 'lobbie config --services', 'lobbie config -q && lobbie deploy'))
    .action(async (services: string[], options: ConfigArguments) => {
      const { config } = await import('./commands/config.ts');
      const list = (['services', 'volumes', 'images'] as const).find((one) => options[one]);
      const hash = options.hash === true || options.hash === '*' ? '*' : options.hash?.split(',');
      finish(
        await runCommand(io, 'config', options, ({ source, reporter }) =>
          config(
            source,
            { report: reporter.event, now: io.clock.now },
            {
              services,
              format: options.format ?? 'yaml',
              ...(list !== undefined && { list }),
              ...(hash !== undefined && { hash }),
            },
          ),
        ),
      );
    });
};
