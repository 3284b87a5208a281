export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Target of a symbolic link, as stored in the link. */
  readonly link?: string;
}

export interface FileEntry extends FileStat {
  /** Relative to the path that was read; `''` for the path itself. */
  readonly name: string;
  /** Undefined if the entry has no content, is larger than the limit, or was not wanted. */
  readonly content: Buffer | undefined;
  readonly modifiedAtMs: number;
}

/** Limits for reading an archive. Size and name of a file are checked before any content is kept. */
export interface ReadLimits {
  /** Larger files come without content. */
  readonly mostBytes: number;
  /** Files with other names come without content. Absent: all files come with content. */
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
