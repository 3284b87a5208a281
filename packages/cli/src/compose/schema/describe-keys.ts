import type { z } from 'zod/mini';
import { composeFile } from './compose-file.ts';
import { expectations, type KeyDoc, keyDocs } from './key-doc.ts';
import { serviceSections } from './service.ts';

/** A key on the reference page. */
export interface KeyRow {
  /**
   * `deploy.update_config.order`, `volumes[].type`, `networks.NAME.aliases`; relative to the service or the top of the
   * file.
   */
  readonly name: string;
  /** The form of its value: `a duration such as "5s"`. */
  readonly form: string;
  readonly doc: KeyDoc;
  /** Keys of the maps that its value can be, at any depth. */
  readonly below: readonly KeyRow[];
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** The keys at the top of a Compose file, except services. */
export const describeFile = (): KeyRow[] =>
  describeShape(composeFile.def.shape, '').map((row) => (row.name === 'services' ? { ...row, below: [] } : row));

/** The keys of a service, by topic. */
export const describeService = (): { readonly title: string; readonly keys: readonly KeyRow[] }[] =>
  serviceSections.map(([title, keys]) => ({ title, keys: describeShape(keys, '') }));

const describeShape = (shape: Shape, prefix: string): KeyRow[] =>
  Object.entries(shape).map(([key, schema]) => {
    const name = `${prefix}${key}`;
    const inner = unwrap(schema);
    const { expected = 'anything' } = expectations.get(inner as z.ZodMiniType) ?? {};
    const doc = keyDocs.get(schema as z.ZodMiniType) ?? { meaning: '' };
    return { name, form: expected, doc, below: doc.instead === undefined ? below(inner, name) : [] };
  });

/** The keys of the maps that a schema accepts. */
function below(schema: z.core.$ZodType, name: string): KeyRow[] {
  const def = schema._zod.def as z.core.$ZodTypes['_zod']['def'];
  switch (def.type) {
    case 'optional':
    case 'nullable':
      return below(def.innerType, name);
    case 'union':
      return def.options.flatMap((option) => below(option, name));
    case 'pipe':
      return below(def.in, name);
    case 'array':
      return below(def.element, `${name}[]`);
    case 'record':
      return below(def.valueType, `${name}.NAME`);
    case 'object':
      return describeShape(def.shape, `${name}.`).flatMap((row) => [{ ...row, below: [] }, ...row.below]);
    default:
      return [];
  }
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  // Every zod schema has one of these types.
  const def = schema._zod.def as z.core.$ZodTypes['_zod']['def'];
  return def.type === 'optional' ? def.innerType : schema;
}
