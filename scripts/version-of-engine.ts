import { askEngine } from './engine-request.ts';

/**
 * The version that an engine reports, such as `26.1.5+dfsg1`.
 *
 * @param url of its unix socket
 */
export async function versionOfEngine(url: string): Promise<string> {
  // The cast: as described by the Engine API.
  return (JSON.parse(await askEngine(url, { path: '/version' })) as { readonly Version: string }).Version;
}
