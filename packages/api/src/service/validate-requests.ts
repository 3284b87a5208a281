import type { Ajv, ValidateFunction } from 'ajv';
import type { FastifyInstance, FastifySchemaCompiler, preValidationHookHandler } from 'fastify';

/**
 * Validates by JSON Schema. Text becomes numbers and booleans where it cannot be anything but text (path, query,
 * headers), never in a body. The compiler is loaded with the first request that needs it: it costs a fifth of a start.
 */
export function validateRequests(service: FastifyInstance): void {
  let compilers: Compilers | undefined;
  const load: preValidationHookHandler = (_request, _reply, done) => {
    if (compilers !== undefined) {
      done();
      return;
    }
    loadCompilers().then((loaded) => {
      compilers = loaded;
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
    return (value: unknown) => {
      validate ??= (compilers as Compilers)[httpPart === 'body' ? 'body' : 'text'].compile(schema);
      // Fastify makes its validation error of Ajv's list, though its type asks for an Error.
      return validate(value) ? { value } : { error: validate.errors as unknown as Error };
    };
  };
  service.setValidatorCompiler(compileWhenNeeded);
  // Schemas of answers are for OpenAPI; JSON.stringify is as fast as a compiled serializer and needs no compiler.
  service.setSerializerCompiler(() => (value) => JSON.stringify(value));
}

interface Compilers {
  readonly body: Ajv;
  readonly text: Ajv;
}

async function loadCompilers(): Promise<Compilers> {
  const [ajv, formats] = await Promise.all([import('ajv'), import('ajv-formats')]);
  const options = { useDefaults: true, allowUnionTypes: true };
  const compilers = { body: new ajv.Ajv(options), text: new ajv.Ajv({ ...options, coerceTypes: true }) };
  for (const compiler of Object.values(compilers)) formats.default.default(compiler);
  return compilers;
}
