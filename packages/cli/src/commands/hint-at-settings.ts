import { LobbieError } from '../model/errors.ts';
import type { CommandContext } from './context.ts';

/** Adds to an error the setting that would avoid it: the demo's images and port come from the environment. */
export function hintAtSettings(error: unknown, context: CommandContext): unknown {
  if (!(error instanceof LobbieError)) return error;
  const advice = adviceOn(error, context);
  if (advice === undefined) return error;
  const { code, message, details, cause, hint } = error;
  return new LobbieError(code, message, { details, cause, hint: hint === undefined ? advice : `${hint}\n${advice}` });
}

function adviceOn({ code, message }: LobbieError, { settings, ingressBuild }: CommandContext): string | undefined {
  if (code === 'PORT_IN_USE') return 'Or publish another port: LOBBIE_PORT=<port> lobbie deploy';
  if (code !== 'IMAGE_PULL_FAILED') return undefined;
  if (message.includes(`"${settings.nodeImage}"`))
    return 'Or name an image with Node 24 that the engine has: LOBBIE_NODE_IMAGE=<image> lobbie deploy';
  if (message.includes(`"${ingressBuild.args.DEBIAN_IMAGE}"`))
    return 'Or name an image of Debian trixie that the engine has: LOBBIE_DEBIAN_IMAGE=<image> lobbie deploy';
  return undefined;
}
