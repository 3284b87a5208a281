import type { Ajv, ValidateFunction } from 'ajv';
import type { FastifyInstance, FastifySchemaCompiler, preValidationHookHandler } from 'fastify';
import { readText } from './read-text.ts';

/**
 * Validates by JSON Schema. Converts text to numbers and booleans only where a value is always text (path, query,
 * headers), never in a body, and only as {@link readText} reads it. The first request that needs the compiler loads it,
 * because it takes a fifth of a start.
 */
export function validateRequests(service: FastifyInstance): void {
  let compiler: Ajv | undefined;
  const load: preValidationHookHandler = (_request, _reply, done) => {
    if (compiler !== undefined) {
      done();
      return;
    }
    loadCompiler().then((loaded) => {
      compiler = loaded;
      done();
    }, done);
  };
  service.addHook('onRoute', (route) => {
    const { body, querystring, params, headers } = route.schema ?? {};
    if ((body ?? querystring ?? params ?? headers) === undefined) return;
    route.preValidation = [load, ...[route.preValidation ?? []].flat()];
  });

  const compileWhenNeeded: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
    let validate: ValidateFunction | undefined;
    const texts = httpPart === 'body' ? [] : textsOf(schema);
    return (value: unknown) => {
      validate ??= (compiler as Ajv).compile(schema);
      for (const [name, types] of texts) readInto(value as Record<string, unknown>, name, types);
      // Fastify makes its validation error from Ajv's list, although its type requires an Error.
      return validate(value) ? { value } : { error: validate.errors as unknown as Error };
    };
  };
  service.setValidatorCompiler(compileWhenNeeded);
  // Schemas of answers are for OpenAPI only. JSON.stringify is as fast as a compiled serializer and needs no compiler.
  service.setSerializerCompiler(() => (value) => JSON.stringify(value));
}

async function loadCompiler(): Promise<Ajv> {
  const [ajv, formats] = await Promise.all([import('ajv'), import('ajv-formats')]);
  const compiler = new ajv.Ajv({ useDefaults: true, allowUnionTypes: true });
  formats.default.default(compiler);
  return compiler;
}

/** The fields of a schema that are not only text, with their types. */
function textsOf(schema: object): readonly (readonly [string, ReadonlySet<string>])[] {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string | readonly string[] }> };
  return Object.entries(properties)
    .map(([name, { type = [] }]) => [name, new Set([type].flat())] as const)
    .filter(([, types]) => types.size > 0 && !types.has('string'));
}

function readInto(values: Record<string, unknown>, name: string, types: ReadonlySet<string>): void {
  const text = values[name];
  if (typeof text === 'string') values[name] = readText(text, types);
}
