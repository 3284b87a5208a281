import { z } from 'zod';
import { serviceShape } from '../service/service-config.ts';

/** Environment of lobbie's API. */
export const lobbieShape = {
  ...serviceShape,
  /** The directory that outlives all containers; shared by them. */
  HISTORY_DIR: z.string().default('/history'),
  /** Where this container keeps its own file: in its own file system, so that it is as old as the container. */
  FILE_DIR: z.string().default('/data'),
};

export type LobbieConfig = z.infer<z.ZodObject<typeof lobbieShape>>;
