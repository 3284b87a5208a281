import type { Candidate } from '../packages/cli/src/engine/choose-endpoint.ts';
import { askEngine } from './engine-request.ts';

/** `assumed`: reachable only through ssh or TLS, which only the product supports. */
export type ProbeResult = 'answers' | 'denied' | 'silent' | 'assumed';

/** Whether an engine answers at an address, within three seconds. */
export async function probeEngine({ url, tls }: Pick<Candidate, 'url' | 'tls'>): Promise<ProbeResult> {
  if (/^(?:ssh|https):/.test(url) || tls !== undefined) return 'assumed';
  try {
    await askEngine(url, { path: '/_ping', signal: AbortSignal.timeout(3000) });
    return 'answers';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'silent';
  }
}
