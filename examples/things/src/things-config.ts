import { serviceShape } from '@lobbie/api/service/service-config';
import { z } from 'zod';

/** Environment of this service, beside that of every service on the shell. */
export const thingsShape = {
  ...serviceShape,
  /** The data file; mount its directory, so that a file which is replaced by rename is seen. */
  THINGS_FILE: z.string().default('/data/things.json'),
};

export type ThingsConfig = z.infer<z.ZodObject<typeof thingsShape>>;
