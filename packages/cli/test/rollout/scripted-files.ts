import { posix } from 'node:path';
import type { FileEntry, FileStat, NewFile, ReadLimits } from '../../src/model/engine-file.ts';
import { LobbieError } from '../../src/model/errors.ts';

/** A place for files: a path in a store, such as a volume or what a container has beside its volumes. */
export interface Place {
  readonly store: string;
  /** Begins with a slash; `/` is the top of the store. */
  readonly path: string;
  /** Whether every directory exists, as in an image. */
  readonly open: boolean;
}

/** The files of the scripted engine. */
export interface ScriptedFiles {
  read(place: Place, limits: ReadLimits): FileEntry[];
  stat(place: Place): FileStat | undefined;
  write(place: Place, entry: NewFile): void;
  text(place: Place): string;
  removeStore(store: string): void;
}

export function scriptedFiles(): ScriptedFiles {
  const stores = new Map<string, Map<string, NewFile>>();
  const filesOf = ({ store }: Pick<Place, 'store'>): Map<string, NewFile> => {
    const files = stores.get(store) ?? new Map<string, NewFile>();
    stores.set(store, files);
    return files;
  };
  const isBelow = (path: string, directory: string): boolean =>
    path.startsWith(directory === '/' ? '/' : `${directory}/`);
  const stat = (place: Place): FileStat | undefined => {
    const files = filesOf(place);
    const entry = files.get(place.path);
    if (entry !== undefined) return statOf(entry);
    const isDirectory = place.path === '/' || [...files.keys()].some((path) => isBelow(path, place.path));
    return isDirectory ? statOf({ kind: 'directory', name: '' }) : undefined;
  };

  return {
    stat,
    read(place, { mostBytes, wanted = () => true }) {
      const found = stat(place);
      if (found === undefined) return [];
      const files = filesOf(place);
      const entries = [...files].filter(([path]) => path === place.path || isBelow(path, place.path));
      const top = files.has(place.path) ? [] : [{ ...found, name: '', content: undefined, modifiedAtMs: 0 }];
      return [
        ...top,
        ...entries.map(([path, entry]): FileEntry => {
          const name = posix.relative(place.path, path);
          const content = entry.kind === 'file' ? Buffer.from(entry.content) : undefined;
          const isRead = content !== undefined && content.length <= mostBytes && wanted(name);
          return { ...statOf(entry), name, content: isRead ? content : undefined, modifiedAtMs: 0 };
        }),
      ];
    },
    write(place, entry) {
      const directory = place.open ? undefined : stat(place);
      if (!place.open && directory?.kind !== 'directory')
        throw new LobbieError('ENGINE_ERROR', `There is no directory ${place.path}.`);
      filesOf(place).set(posix.join(place.path, entry.name), entry);
    },
    text: (place) => {
      const entry = filesOf(place).get(place.path);
      return entry?.kind === 'file' ? entry.content.toString() : '';
    },
    removeStore: (store) => void stores.delete(store),
  };
}

const statOf = ({ kind, mode = kind === 'file' ? 0o644 : 0o755, uid = 0, gid = 0 }: NewFile): FileStat => ({
  kind,
  mode,
  uid,
  gid,
});
