import { askEngine } from './engine-request.ts';

/**
 * The version that an engine says it has, such as `26.1.5+dfsg1`.
 *
 * @param url of its unix socket
 */
export async function versionOfEngine(url: string): Promise<string> {
  // The cast: as the Engine's API describes it.
  return (JSON.parse(await askEngine(url, { path: '/version' })) as { readonly Version: string }).Version;
}
