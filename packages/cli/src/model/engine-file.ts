export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Where a symbolic link points, as it is written there. */
  readonly link?: string;
}

export interface FileEntry extends FileStat {
  /** Relative to the path that was read; `''` for the path itself. */
  readonly name: string;
  /** Undefined where there is none, where it is larger than the reader's limit, and where the reader did not want it. */
  readonly content: Buffer | undefined;
  readonly modifiedAtMs: number;
}

/** What a reader takes of an archive: a file's size and name are looked at before any of its content is kept. */
export interface ReadLimits {
  /** Files with more bytes than this come without content. */
  readonly mostBytes: number;
  /** Files with other names come without content; absent: all are wanted. */
  readonly wanted?: (name: string) => boolean;
}

export type NewFile =
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly content: string | Buffer;
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    }
  | {
      readonly kind: 'directory';
      readonly name: string;
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    };
