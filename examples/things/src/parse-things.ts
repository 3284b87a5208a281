import { createHash } from 'node:crypto';
import { Ajv } from 'ajv';
import schema from '../data/things.schema.json' with { type: 'json' };

/** One record of the data file. */
export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** The data file as it was read: its records by id, and the whole as it is answered. */
export interface Things {
  readonly byId: ReadonlyMap<string, Thing>;
  /** JSON in UTF-8, made once: every answer sends these bytes. */
  readonly bytes: Buffer;
  /** Tag of these bytes, for conditional requests. */
  readonly etag: string;
}

/** What is wrong with a data file, in one sentence that names the record. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

const matches = new Ajv({ allErrors: false }).compile<Record<string, Thing>>(schema);

/** Reads a data file. Throws {@link DataError} unless it is JSON in UTF-8, fits the schema, and every id is its key. */
export function parseThings(bytes: Uint8Array): Things {
  const data = parseJson(bytes);
  if (!matches(data)) {
    const { instancePath = '', propertyName, message = '' } = matches.errors?.[0] ?? {};
    const where = propertyName === undefined ? instancePath || 'the whole' : `the key ${JSON.stringify(propertyName)}`;
    throw new DataError(`${where} ${message}`);
  }
  const byId = new Map(Object.entries(data));
  for (const [key, { id }] of byId) if (id !== key) throw new DataError(`/${key}/id is "${id}" and must be its key`);
  const whole = Buffer.from(JSON.stringify(data));
  return { byId, bytes: whole, etag: `"${createHash('sha256').update(whole).digest('base64url')}"` };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(UTF_8.decode(bytes));
  } catch (error) {
    throw new DataError(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Refuses what is not UTF-8 instead of replacing it, and takes a mark at the beginning, as some editors write it. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });
