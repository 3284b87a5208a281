import type { Engine } from '../model/engine.ts';
import type { NewFile } from '../model/engine-file.ts';
import type { IngressState } from '../model/observed.ts';
import { parseState } from './parse-state.ts';
import { renderConfig } from './render-config.ts';

/** Where the ingress's volume is mounted. */
export const CONFIG_DIRECTORY = '/etc/lobbie';

const NAME = 'haproxy.cfg';

/** The file to write into {@link CONFIG_DIRECTORY}, before the first start and before each change. */
export const configFile = (state: IngressState, generation = 0): NewFile => ({
  kind: 'file',
  name: NAME,
  content: renderConfig(state, generation),
  mode: 0o644,
});

/** What the configuration on an ingress's disk says, running or not; undefined when there is none yet. */
export const readConfig = async (engine: Engine, containerId: string): Promise<IngressState | undefined> => {
  for await (const entry of engine.readFiles(containerId, `${CONFIG_DIRECTORY}/${NAME}`)) {
    if (entry.kind === 'file') return parseState(entry.content.toString('utf8'));
  }
  return undefined;
};
