import type { z } from 'zod/mini';
import type { Path } from '../problem.ts';
import { type KeyDoc, keyDocs } from './key-doc.ts';

/** A key in a file, with its documentation in the schema. */
export interface KeyUse {
  readonly path: Path;
  readonly doc: KeyDoc;
  readonly value: unknown;
}

/** Every key of a file that the schema knows, in the order of the file. Skips unknown keys. */
export function* survey(schema: z.core.$ZodType, value: unknown, path: Path = []): Generator<KeyUse> {
  const form = formFor(schema, value);
  if (form === undefined || typeof value !== 'object' || value === null) return;
  if (form.type === 'array' && Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* survey(form.element, item, [...path, index]);
    return;
  }
  for (const [name, child] of Object.entries(value)) {
    const known = form.type === 'record' ? form.valueType : form.type === 'object' ? own(form.shape, name) : undefined;
    if (known === undefined) continue;
    const doc = keyDocs.get(known as z.ZodMiniType);
    if (doc !== undefined && form.type === 'object') yield { path: [...path, name], doc, value: child };
    yield* survey(known, child, [...path, name]);
  }
}

type Form = z.core.$ZodTypes['_zod']['def'];

/** The only form that a map or a list can have. */
function formFor(schema: z.core.$ZodType, value: unknown): Form | undefined {
  // Every zod schema has one of these types.
  const def = schema._zod.def as Form;
  switch (def.type) {
    case 'optional':
    case 'nullable':
      return formFor(def.innerType, value);
    case 'union':
      return def.options.map((option) => formFor(option, value)).find((form) => form !== undefined);
    case 'array':
      return Array.isArray(value) ? def : undefined;
    case 'object':
    case 'record':
      return Array.isArray(value) ? undefined : def;
    default:
      return undefined;
  }
}

const own = (shape: z.core.$ZodLooseShape, name: string): z.core.$ZodType | undefined =>
  Object.hasOwn(shape, name) ? shape[name] : undefined;
