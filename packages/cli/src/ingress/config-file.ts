import type { Engine } from '../model/engine.ts';
import type { NewFile } from '../model/engine-file.ts';
import type { IngressState } from '../model/ingress.ts';
import { HOLD_SCRIPT } from './hold-script.ts';
import { OWN_SCRIPT } from './own-script.ts';
import { parseState } from './parse-state.ts';
import { CONFIG_DIRECTORY, HOLD_SCRIPT_NAME, OWN_SCRIPT_NAME, renderHaproxyConfig } from './render-haproxy-config.ts';

const NAME = 'haproxy.cfg';
/** The files that lobbie writes are a few kB. */
const LIMITS = { mostBytes: 4 * 1024 * 1024 };

/** The files for {@link CONFIG_DIRECTORY}, written before the first start and before each change. */
export const configFiles = (state: IngressState, generation = 0): NewFile[] => [
  { kind: 'file', name: HOLD_SCRIPT_NAME, content: HOLD_SCRIPT, mode: 0o644 },
  { kind: 'file', name: OWN_SCRIPT_NAME, content: OWN_SCRIPT, mode: 0o644 },
  { kind: 'file', name: NAME, content: renderHaproxyConfig(state, generation), mode: 0o644 },
];

/** Reads the configuration on an ingress's disk, whether it runs or not; undefined if there is none yet. */
export const readIngressState = async (engine: Engine, containerId: string): Promise<IngressState | undefined> => {
  for await (const entry of engine.readFiles(containerId, `${CONFIG_DIRECTORY}/${NAME}`, LIMITS)) {
    if (entry.kind === 'file') return parseState(entry.content?.toString('utf8') ?? '');
  }
  return undefined;
};
