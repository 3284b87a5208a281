import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { z } from 'zod/mini';
import { LobbieError } from '../model/errors.ts';

/** An upper limit for the manifest of an image. */
const MANIFEST_BYTES = 1024 * 1024;
const manifest = z.array(z.object({ RepoTags: z.nullish(z.array(z.string())) }));

/**
 * The names of the images in an archive of `docker save`, gzipped or not. Reads the whole file, so that a truncated one
 * fails before anything is sent to an engine.
 *
 * @throws LobbieError `INVALID_INPUT` if the file cannot be read or is not such an archive
 */
export async function archivedNames(file: string): Promise<string[]> {
  const entries = extract();
  let text: string | undefined;
  entries.on('entry', ({ name, size = 0 }, stream, next) => {
    const wanted = name === 'manifest.json' && size <= MANIFEST_BYTES;
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => wanted && chunk instanceof Buffer && chunks.push(chunk));
    stream.on('end', () => {
      if (wanted) text = Buffer.concat(chunks).toString();
      next();
    });
    stream.on('error', next);
  });
  try {
    const unzip = (await isGzip(file)) ? [createGunzip()] : [];
    await pipeline([createReadStream(file), ...unzip, entries]);
  } catch (error) {
    throw new LobbieError('INVALID_INPUT', `Could not read ${file}: ${wordsOf(error)}.`, {
      hint: 'Write it with: lobbie ingress-image --save <file>',
      cause: error,
    });
  }
  const images = manifest.safeParse(text === undefined ? undefined : jsonOf(text));
  if (images.success) return images.data.flatMap(({ RepoTags }) => RepoTags ?? []);
  throw new LobbieError('INVALID_INPUT', `${file} is not an archive of an image.`, {
    hint: 'Write it with: lobbie ingress-image --save <file>',
  });
}

async function isGzip(file: string): Promise<boolean> {
  const opened = await open(file);
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await opened.close();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'the file does not exist';
  if (code === 'EISDIR') return 'it is a directory';
  if (/Unexpected end of (?:data|file)/i.test(error.message)) return 'it is incomplete';
  if (/tar header|checksum/i.test(error.message)) return 'it is not a tar archive';
  return error.message;
}
