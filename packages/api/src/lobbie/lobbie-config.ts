import { z } from 'zod';
import { serviceShape } from '../service/service-config.ts';

/** Environment of lobbie's API. */
export const lobbieShape = {
  ...serviceShape,
  /** The directory that all containers share and that outlives them. */
  HISTORY_DIR: z.string().default('/history'),
  /**
   * The directory of this container's own file. It is in the container's file system, so it lives as long as the
   * container.
   */
  FILE_DIR: z.string().default('/data'),
};

export type LobbieConfig = z.infer<z.ZodObject<typeof lobbieShape>>;
