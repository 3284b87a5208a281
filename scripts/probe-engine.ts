import { askEngine } from './engine-request.ts';

/** `assumed`: reachable only through ssh or TLS, which only the product supports. */
export type ProbeResult = 'answers' | 'denied' | 'silent' | 'assumed';

/** Whether an engine answers at a URL, within three seconds. */
export async function probeEngine(
  url: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<ProbeResult> {
  if (url.startsWith('ssh://') || (url.startsWith('tcp://') && environment.DOCKER_TLS_VERIFY)) return 'assumed';
  try {
    await askEngine(url, { path: '/_ping', signal: AbortSignal.timeout(3000) });
    return 'answers';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'silent';
  }
}
