import { z } from 'zod';

/** A whole number within bounds, in digits: without a sign, an exponent or leading zeros. */
export const integerIn = (minimum: number, maximum: number) => {
  const message = `expected a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^(?:0|[1-9]\d{0,15})$/, message)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, message);
};

/** A port to listen on. Not 0, which means another port at every start, that nobody could know. */
export const portField = integerIn(1, 65_535);

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Environment variables of every service on the shell. Spread it into its own shape. */
export const serviceShape = {
  HOST: z.string().default('0.0.0.0'),
  PORT: portField.default(3000),
  LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('info'),
  /** Largest request body. */
  BODY_LIMIT_BYTES: integerIn(1, Number.MAX_SAFE_INTEGER).default(1_048_576),
  /** How long a client may take to send a whole request. */
  REQUEST_TIMEOUT_MS: integerIn(1, 86_400_000).default(60_000),
  /** Idle time after which a kept-alive connection is closed. Longer than that of a proxy in front. */
  KEEP_ALIVE_TIMEOUT_MS: integerIn(1, 86_400_000).default(72_000),
  /** How long requests in flight may take to finish after a signal to stop. */
  SHUTDOWN_TIMEOUT_MS: integerIn(0, 3_600_000).default(9_000),
};

/** The result of {@link serviceShape}. */
export type ServiceConfig = z.infer<z.ZodObject<typeof serviceShape>>;
