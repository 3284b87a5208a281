import { keyField } from '@lobbie/api/service/require-key';
import { portField, serviceShape } from '@lobbie/api/service/service-config';
import { z } from 'zod';

/** What the service tells of itself: its traffic, and all of its routes. */
const TOLD: ReadonlySet<string> = new Set(['metrics', 'openapi']);

/** Environment of this service, beside that of every service on the shell. */
export const miniShape = {
  ...serviceShape,
  /** Where it listens; the name that those who deploy it know. */
  FLASK_PORT: portField.default(5000),
  /** What clients have to send as X-API-KEY. */
  API_KEY: keyField,
  /** What is served without the key: `metrics`, `openapi`, or both. */
  WITHOUT_KEY: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .refine((names) => names.every((name) => TOLD.has(name)), `expected ${[...TOLD].join(', ')}, or both`)
    .transform((names): ReadonlySet<string> => new Set(names)),
};

export type MiniConfig = z.infer<z.ZodObject<typeof miniShape>>;
