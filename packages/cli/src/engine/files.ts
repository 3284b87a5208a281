import { pipeline } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract, type Header, pack } from 'tar-stream';
import type { FileEntry, FileStat, NewFile, ReadLimits } from '../model/engine-file.ts';
import { type Connection, undefinedIfMissing } from './connection.ts';
import { containerOf } from './containers.ts';
import { engineError } from './engine-error.ts';

/** `Engine.readFiles`. */
export async function* readFiles(
  connection: Connection,
  container: string,
  path: string,
  { mostBytes, wanted = () => true }: ReadLimits,
): AsyncGenerator<FileEntry> {
  for await (const { header, root, content } of archive(connection, container, path)) {
    const name = header.name.slice(root.length).replace(/^\/|\/$/g, '');
    const isTaken = header.type === 'file' && (header.size ?? 0) <= mostBytes && wanted(name);
    yield {
      ...statOf(header),
      name,
      content: isTaken ? await content() : undefined,
      modifiedAtMs: header.mtime?.getTime() ?? 0,
    };
  }
}

/** `Engine.statFile`: reads the archive's first header, because it has the owner, which the engine's own stat lacks. */
export async function statFile(connection: Connection, container: string, path: string): Promise<FileStat | undefined> {
  for await (const { header } of archive(connection, container, path)) return statOf(header);
  return undefined;
}

/** `Engine.writeFiles`. Does not use `copyUIDGID`, which would make the container's user the owner. */
export async function writeFiles(
  connection: Connection,
  container: string,
  directory: string,
  entries: readonly NewFile[],
): Promise<void> {
  const tar = pack();
  for (const { kind, name, mode, uid = 0, gid = 0, ...rest } of entries) {
    const header = { name, uid, gid, mtime: new Date(connection.clock.now()) };
    if (kind === 'directory') tar.entry({ ...header, type: 'directory', mode: mode ?? 0o755 });
    else tar.entry({ ...header, mode: mode ?? 0o644 }, 'content' in rest ? rest.content : '');
  }
  tar.finalize();
  const options = { path: directory, noOverwriteDirNonDir: true };
  await connection.ask(
    `write ${entries.map(({ name }) => name).join(', ')} to ${directory} in container "${container}"`,
    containerOf(connection, container).putArchive(await buffer(tar), options),
  );
}

/** The entries of the archive of a path. Leaving the loop ends the request. */
async function* archive(connection: Connection, container: string, path: string) {
  const doing = `read ${path} in container "${container}"`;
  const answer = containerOf(connection, container).getArchive({ path });
  const stream = await connection.stream(doing, answer).catch(undefinedIfMissing);
  if (!stream) return;
  const entries = extract();
  pipeline(stream, entries, () => undefined);
  let root: string | undefined;
  try {
    for await (const entry of entries) {
      const header: Header = entry.header;
      root ??= header.name.replace(/\/$/, '');
      let read = false;
      yield {
        header,
        root,
        content: () => {
          read = true;
          return buffer(entry);
        },
      };
      if (!read) entry.resume();
    }
  } catch (error) {
    throw engineError(error, doing, connection.endpoint);
  } finally {
    stream.destroy();
  }
}

const statOf = ({ type, mode = 0, uid = 0, gid = 0, linkname }: Header): FileStat => ({
  kind: type === 'file' || type === 'directory' ? type : 'other',
  mode: mode & 0o7777,
  uid,
  gid,
  ...(type === 'symlink' && linkname != null && { link: linkname }),
});
