import type { Ajv, ValidateFunction } from 'ajv';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import type { FastifyRouteSchemaDef } from 'fastify/types/schema.js';

/**
 * Validates by JSON Schema. Text becomes numbers and booleans where it cannot be anything but text (path, query,
 * headers), never in a body. The compiler is loaded with the first request that needs it: it costs a fifth of a start.
 */
export function validateRequests(service: FastifyInstance): void {
  // Fastify takes Ajv's list of errors and a promise, though its type asks for an Error, at once.
  service.setValidatorCompiler(compileWhenNeeded as unknown as FastifySchemaCompiler<unknown>);
  // Schemas of answers are for OpenAPI; JSON.stringify is as fast as a compiled serializer and needs no compiler.
  service.setSerializerCompiler(() => (value) => JSON.stringify(value));
}

const compileWhenNeeded = ({ schema, httpPart }: FastifyRouteSchemaDef<unknown>) => {
  let compiled: ValidateFunction | undefined;
  const answer = (value: unknown) => {
    if (compiled?.(value)) return { value };
    return { error: compiled?.errors ?? [] };
  };
  return (value: unknown) => {
    if (compiled !== undefined) return answer(value);
    return loadCompilers().then((compilers) => {
      compiled ??= compilers[httpPart === 'body' ? 'body' : 'text'].compile(schema as object);
      return answer(value);
    });
  };
};

let loading: Promise<{ readonly body: Ajv; readonly text: Ajv }> | undefined;

function loadCompilers(): Promise<{ readonly body: Ajv; readonly text: Ajv }> {
  loading ??= Promise.all([import('ajv'), import('ajv-formats')]).then(([ajv, formats]) => {
    const options = { useDefaults: true, allowUnionTypes: true };
    const body = new ajv.Ajv(options);
    const text = new ajv.Ajv({ ...options, coerceTypes: true });
    for (const compiler of [body, text]) formats.default.default(compiler);
    return { body, text };
  });
  return loading;
}
