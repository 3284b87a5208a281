import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { type ImageDetails, volumePath } from '../model/image.ts';
import type { Connection } from './connection.ts';
import { engineError, refusal } from './engine-error.ts';
import { failureOf, type StreamLine } from './failure-of.ts';
import { splitReference } from './image-reference.ts';
import { jsonLines } from './json-lines.ts';

/** `Engine.inspectImage`. Only TCP ports count. */
export async function inspectImage(connection: Connection, reference: string): Promise<ImageDetails | undefined> {
  const image = await connection.find<WireImage>({
    doing: `inspect image "${reference}"`,
    path: `/images/${encodeURI(reference)}/json`,
  });
  return (
    image && {
      id: image.Id,
      user: image.Config?.User ?? '',
      exposedPorts: Object.keys(image.Config?.ExposedPorts ?? {})
        .filter((port) => !port.includes('/') || port.endsWith('/tcp'))
        .map((port) => Number.parseInt(port, 10))
        .sort((a, b) => a - b),
      volumes: [...new Set(Object.keys(image.Config?.Volumes ?? {}).map(volumePath))].sort(),
      hasHealthcheck: ![undefined, 'NONE'].includes(image.Config?.Healthcheck?.Test?.[0]),
      labels: image.Config?.Labels ?? {},
      empty: image.RootFS !== undefined && (image.RootFS.Layers ?? []).every((layer) => layer === EMPTY_LAYER),
    }
  );
}

/** `Engine.importEmptyImage`. An empty image that has the reference already is given as it is; from another one the name is taken. */
export async function importEmptyImage(connection: Connection, reference: string): Promise<string> {
  const doing = `import image "${reference}"`;
  const existing = await inspectImage(connection, reference);
  if (existing?.empty && Object.keys(existing.labels).length === 0) return existing.id;
  const { name, tag } = splitReference(reference);
  const tar = pack();
  tar.finalize();
  const stream = await connection.stream({
    doing,
    method: 'POST',
    path: '/images/create',
    query: { fromSrc: '-', repo: name, tag },
    tar: await buffer(tar),
  });
  try {
    for await (const line of jsonLines<StreamLine>(stream)) {
      const failure = failureOf(line);
      if (failure !== undefined) throw refusal(failure, doing);
    }
  } catch (error) {
    throw engineError(error, doing, connection.endpoint);
  }
  const made = await inspectImage(connection, reference);
  if (!made) throw refusal('the image is missing after the import', doing);
  return made.id;
}

/** `Engine.removeImage`. A missing image is fine. */
export async function removeImage(connection: Connection, reference: string): Promise<void> {
  await connection.find({
    doing: `remove image "${reference}"`,
    method: 'DELETE',
    path: `/images/${encodeURI(reference)}`,
  });
}

/** SHA-256 of a tar archive without entries: 1,024 zero bytes. */
const EMPTY_LAYER = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef';

/** `Engine.tagImage`. */
export async function tagImage(connection: Connection, image: string, reference: string): Promise<void> {
  const { name, tag } = splitReference(reference);
  await connection.json({
    doing: `name image "${image}" ${reference}`,
    method: 'POST',
    path: `/images/${encodeURI(image)}/tag`,
    query: { repo: name, tag },
  });
}

interface WireImage {
  readonly Id: string;
  readonly Config?: {
    readonly User?: string;
    readonly ExposedPorts?: Readonly<Record<string, object>> | null;
    readonly Volumes?: Readonly<Record<string, object>> | null;
    readonly Healthcheck?: { readonly Test?: readonly string[] | null } | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
  } | null;
  readonly RootFS?: { readonly Layers?: readonly string[] | null };
}
