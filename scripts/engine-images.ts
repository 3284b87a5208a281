import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { askEngine, type EngineCall, requestEngine } from './engine-request.ts';

/** The labels of an image on the engine; undefined if it does not exist. */
export async function imageLabels(url: string, reference: string): Promise<Record<string, string> | undefined> {
  const answer = await askEngine(url, { path: `/images/${reference}/json` }).catch((error: Error) => {
    if (/no such image/i.test(error.message)) return undefined;
    throw error;
  });
  if (answer === undefined) return undefined;
  const image: { Config?: { Labels?: Record<string, string> | null } | null } = JSON.parse(answer);
  return image.Config?.Labels ?? {};
}

/**
 * Pulls an image. Rejects within seconds if no registry answers: after ten seconds without a first layer, then after a
 * minute without progress.
 */
export async function pullImage(url: string, reference: string): Promise<void> {
  const [, name = reference, tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(reference) ?? [];
  const stalled = new AbortController();
  const giveUp = () => stalled.abort(new Error('no registry answered in time'));
  let timer = setTimeout(giveUp, 10_000);
  try {
    const query = new URLSearchParams({ fromImage: name, tag });
    const call: EngineCall = { method: 'POST', path: `/images/create?${query}`, signal: stalled.signal };
    await followEngine(url, call, (line) => {
      if (!line.includes('"id"') || line.includes('Pulling from')) return;
      clearTimeout(timer);
      timer = setTimeout(giveUp, 60_000);
    });
  } catch (error) {
    throw stalled.signal.aborted ? stalled.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Makes an image with one layer from a tar of a root directory. `changes` are Dockerfile lines such as `LABEL a=b`. */
export async function importImage(
  url: string,
  image: { readonly name: string; readonly tag: string; readonly tar: Readable; readonly changes: readonly string[] },
): Promise<void> {
  const query = new URLSearchParams({ fromSrc: '-', repo: image.name, tag: image.tag });
  for (const change of image.changes) query.append('changes', change);
  await followEngine(url, { method: 'POST', path: `/images/create?${query}`, body: image.tar, headers: TAR });
}

/** Builds a context that contains its `Dockerfile` with BuildKit, and tags the result. */
export async function buildImage(url: string, reference: string, context: Readable): Promise<void> {
  const query = new URLSearchParams({ version: '2', t: reference });
  await followEngine(url, { method: 'POST', path: `/build?${query}`, body: context, headers: TAR });
}

const TAR = { 'content-type': 'application/x-tar' } as const;

/** Reads an answer of JSON lines. The engine answers 200 even if it fails later: the failure is one of the lines. */
async function followEngine(url: string, call: EngineCall, onLine: (line: string) => void = () => {}): Promise<void> {
  const answer = await requestEngine(url, call);
  let failure: string | undefined;
  for await (const line of createInterface({ input: answer })) {
    onLine(line);
    if (!/"(error|message)"/.test(line)) continue;
    const said: { error?: unknown; message?: unknown } = JSON.parse(line);
    if (typeof said.error === 'string') failure = said.error;
    else if ((answer.statusCode ?? 0) > 299) failure = String(said.message);
  }
  if (failure !== undefined) throw new Error(failure.trim());
  if ((answer.statusCode ?? 0) > 299) throw new Error(`the engine answered ${answer.statusCode}`);
}
