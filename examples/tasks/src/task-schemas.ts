import { ServiceError } from '@lobbie/api/service/service-error';
import type { FastifySchemaValidationError } from 'fastify';

const text = {
  type: 'string',
  minLength: 1,
  maxLength: 128,
  // Not blank; no U+0000, which PostgreSQL cannot store; no half of a surrogate pair, which is no character.
  pattern: '^[^\\u0000\\p{Cs}]*[^\\s\\u0085\\u0000\\p{Cs}][^\\u0000\\p{Cs}]*$',
  description: 'What is to be done: 1 to 128 characters, not blank',
} as const;

const task = {
  type: 'object',
  required: ['id', 'text', 'status'],
  properties: { id: { type: 'integer' }, text: { type: 'string' }, status: { type: 'boolean' } },
} as const;

const result = (description: string, of: object) => ({
  description,
  type: 'object',
  required: ['result'],
  properties: { result: of },
});

/** A new task. */
export const newTask = { type: 'object', required: ['text'], properties: { text } } as const;

/** What of a task changes. */
export const taskChange = {
  type: 'object',
  properties: { text, status: { enum: [true, false, 1, 0], description: 'Whether it is done' } },
} as const;

/** Path of one task. */
export const taskId = {
  type: 'object',
  properties: { id: { type: 'string', description: 'A whole number from 1 to 2147483647' } },
} as const;

/** Answers by status. */
export const oneTask = (status: 200 | 201) => ({ [status]: result('The task', task) });
export const allTasks = { 200: result('All tasks, by id', { type: 'array', items: task }) };
export const removed = {
  200: { description: 'It is gone', type: 'object', properties: { success: { const: true } } },
} as const;

/** Says what is wrong with a body in one sentence. */
export function bodyError(errors: readonly FastifySchemaValidationError[]): ServiceError {
  const { keyword, instancePath } = errors[0] ?? {};
  if (keyword === 'required') return new ServiceError(400, "Missing JSON request body with 'text' attribute.");
  return new ServiceError(400, SENTENCES.get(instancePath ?? '') ?? 'The body has to be a JSON object.');
}

const SENTENCES = new Map([
  ['/text', 'text has to be a string of 1 to 128 characters that is not blank and holds no U+0000.'],
  ['/status', 'status has to be true, false, 1 or 0.'],
]);
