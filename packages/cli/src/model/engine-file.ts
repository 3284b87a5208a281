export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface FileEntry extends FileStat {
  /** Relative to the path that was read; `''` for the path itself. */
  readonly name: string;
  readonly content: Buffer;
  readonly modifiedAtMs: number;
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
