import { keyField } from '@lobbie/api/service/require-key';
import { portField, serviceShape } from '@lobbie/api/service/service-config';
import type { z } from 'zod';

/** Environment of this service, beside that of every service on the shell. */
export const miniShape = {
  ...serviceShape,
  /** Where it listens; the name that those who deploy it know. */
  FLASK_PORT: portField.default(5000),
  /** What clients have to send as X-API-KEY. */
  API_KEY: keyField,
};

export type MiniConfig = z.infer<z.ZodObject<typeof miniShape>>;
