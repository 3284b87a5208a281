/** Where a project was deployed from. */
export interface Origin {
  /** Name of the machine that `lobbie` ran on. */
  readonly host: string;
  /** The project directory, absolute, without symbolic links. */
  readonly directory: string;
}

export const isSameOrigin = (a: Origin, b: Origin): boolean => a.host === b.host && a.directory === b.directory;

/** `/srv/shop on web1` */
export const originWords = ({ host, directory }: Origin): string => `${directory} on ${host}`;
