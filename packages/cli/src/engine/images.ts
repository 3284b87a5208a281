import { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { type ImageDetails, volumePath } from '../model/image.ts';
import type { Connection } from './connection.ts';
import { engineError, refusal } from './engine-error.ts';
import { failureOf, type StreamLine } from './failure-of.ts';
import { splitReference } from './image-reference.ts';
import { jsonLines } from './json-lines.ts';
import { isReference, referencePath } from './path-name.ts';

const imageOf = ({ docker }: Connection, reference: string): Dockerode.Image =>
  docker.getImage(referencePath(reference));

/** `Engine.inspectImage`. Only TCP ports count. */
export async function inspectImage(connection: Connection, reference: string): Promise<ImageDetails | undefined> {
  if (!isReference(reference)) return undefined;
  const image = await connection.find<WireImage>(
    `inspect image "${reference}"`,
    imageOf(connection, reference).inspect(),
  );
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

/**
 * `Engine.importEmptyImage`. If an empty image already has the reference, returns it. If another image has it, that
 * image loses the name.
 */
export async function importEmptyImage(connection: Connection, reference: string): Promise<string> {
  const doing = `import image "${reference}"`;
  const existing = await inspectImage(connection, reference);
  if (existing?.empty && Object.keys(existing.labels).length === 0) return existing.id;
  const { name, tag } = splitReference(reference);
  try {
    const imported = connection.docker.importImage(Readable.from([EMPTY_TAR]), { repo: name, tag });
    const stream = await connection.stream(doing, imported);
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

/** `Engine.removeImage`. Ignores a missing image. */
export async function removeImage(connection: Connection, reference: string): Promise<void> {
  await connection.find(`remove image "${reference}"`, imageOf(connection, reference).remove());
}

/** A tar archive without entries: two empty blocks. */
const EMPTY_TAR = Buffer.alloc(1024);

/** SHA-256 of `EMPTY_TAR`. */
const EMPTY_LAYER = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef';

/** `Engine.tagImage`. */
export async function tagImage(connection: Connection, image: string, reference: string): Promise<void> {
  const { name, tag } = splitReference(reference);
  await connection.ask(`name image "${image}" ${reference}`, imageOf(connection, image).tag({ repo: name, tag }));
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
