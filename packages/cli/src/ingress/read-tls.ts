import type { IngressPort } from '../model/ingress.ts';
import { alpnName, countedByAlpn } from './first-bytes.ts';
import { isDetected } from './proxy-names.ts';
import type { RuntimeSession } from './runtime-session.ts';

/** By port, how many TLS connections asked for HTTP, as counted by the current worker. */
export async function readTls(
  session: RuntimeSession,
  ports: readonly IngressPort[],
): Promise<ReadonlyMap<number, number>> {
  const detected = ports.filter(isDetected);
  if (detected.length === 0) return new Map();
  const answers = await session.run(detected.map(({ port }) => `show table ${alpnName(port)}`));
  return new Map(detected.map(({ port }, index) => [port, countedByAlpn(answers[index] ?? '')]));
}
