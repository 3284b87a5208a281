import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Add, examples, withEngine } from './command-options.ts';
import { type CommonOptions, runCommand } from './session.ts';

interface IngressImageArguments extends CommonOptions {
  readonly save?: string;
  readonly load?: string;
  readonly dockerfile?: true;
}

/** `lobbie ingress-image` */
export const addIngressImage: Add = (program, io, finish) => {
  const command = withEngine(program.command('ingress-image'))
    .description('show, save or load the image that ingresses use, for engines that cannot build it')
    .option('--save <file>', 'write the image to a file (builds it first if it is missing)')
    .option('--load <file>', 'load a file written by --save; deploys on this engine use it and build none')
    .option('--dockerfile', 'print the Dockerfile, to build the image yourself (for LOBBIE_INGRESS_IMAGE)')
    .addHelpText(
      'after',
      examples(
        'lobbie ingress-image --save ingress.tar',
        'lobbie ingress-image --load ingress.tar',
        'lobbie ingress-image --dockerfile | docker build -t registry.example/lobbie-ingress -',
      ),
    );
  command.action(async (options: IngressImageArguments) => {
    const { save, load, dockerfile } = options;
    if ([save, load, dockerfile].filter((one) => one !== undefined).length > 1)
      command.error('error: only one of --save, --load and --dockerfile can be used');
    const { loadIngressImage, printIngressDockerfile, saveIngressImage, showIngressImage } = await import(
      './commands/ingress-image.ts'
    );
    finish(
      await runCommand(io, 'ingress-image', options, async ({ open }) => {
        if (dockerfile) return printIngressDockerfile({ ingressBuild: await ingressBuildAt(io.base) });
        const context = await open('');
        if (save !== undefined) return saveIngressImage(context, save);
        if (load !== undefined) return loadIngressImage(context, load);
        return showIngressImage(context);
      }),
    );
  });
};

async function ingressBuildAt(base: string) {
  const { ingressDockerfile } = await import('./ingress/ingress-dockerfile.ts');
  const dockerfile = fileURLToPath(ingressDockerfile(base));
  return { context: dirname(dockerfile), dockerfile: basename(dockerfile), args: {} };
}
