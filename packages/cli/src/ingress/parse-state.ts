import { z } from 'zod';
import { LobbieError } from '../model/errors.ts';
import type { IngressState } from '../model/observed.ts';
import { STATE_PREFIX } from './render-config.ts';

const milliseconds = z.number().int().positive();

const schema = z.object({
  service: z.string(),
  mode: z.enum(['http', 'tcp']),
  ports: z.array(z.number().int().min(1).max(65_535)),
  drainTimeoutMs: milliseconds,
  clientTimeoutMs: milliseconds,
  serverTimeoutMs: milliseconds,
  slots: z.array(z.object({ container: z.string().min(1), state: z.enum(['ready', 'drain']) }).nullable()),
});

/** The state that a configuration was rendered from. `INGRESS_FAILED` when it carries none that can be understood. */
export const parseState = (text: string): IngressState => {
  const line = text.split('\n', 1)[0] ?? '';
  try {
    if (!line.startsWith(STATE_PREFIX)) throw new Error(`its first line does not start with "${STATE_PREFIX}"`);
    return schema.parse(JSON.parse(line.slice(STATE_PREFIX.length)));
  } catch (cause) {
    throw new LobbieError('INGRESS_FAILED', "The ingress's configuration was not written by this version of lobbie.", {
      hint: 'Run `lobbie down` and `lobbie deploy` to make the ingress again; the history stays.',
      cause,
    });
  }
};
