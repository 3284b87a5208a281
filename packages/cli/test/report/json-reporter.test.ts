import { expect, test } from 'vitest';
import { LobbieError } from '../../src/model/errors.ts';
import { createPiped, receipt } from './fixtures.ts';

test('writes an object a line to stdout, the result last', () => {
  const { reporter, out, err } = createPiped('json');
  reporter.event({ type: 'warning', timeMs: 5, message: 'a\nb' });
  reporter.result({ type: 'down', outcome: 'down', project: 'lobbie', removed: ['a'], kept: [] });
  reporter.close();
  expect(out()).toBe(`{"type":"warning","timeMs":5,"message":"a\\nb"}
{"type":"down","outcome":"down","project":"lobbie","removed":["a"],"kept":[]}
`);
  expect(err()).toBe('');
});

test('writes an error with its exit status', () => {
  const { reporter, out } = createPiped('json');
  reporter.error(new LobbieError('LEASE_TAKEN', 'Another deploy is running.', { details: ['since 3 s'] }));
  expect(out()).toBe(
    '{"type":"error","code":"LEASE_TAKEN","message":"Another deploy is running.","hint":null,"details":["since 3 s"],"exit":7}\n',
  );
});

test('does not repeat an error that the receipt carries, but tells another one', () => {
  const { reporter, out } = createPiped('json');
  const error = new LobbieError('GATE_FAILED', 'api-1 is not healthy.');
  reporter.result(
    receipt({ outcome: 'failed-restored', error: { code: error.code, message: error.message, details: [] } }),
  );
  reporter.error(error);
  reporter.error(new LobbieError('ENGINE_ERROR', 'gone'));
  const lines = out()
    .trimEnd()
    .split('\n')
    .map((line): { type: string } => JSON.parse(line));
  expect(lines.map(({ type }) => type)).toEqual(['receipt', 'error']);
});

test('calls an unexpected error a bug, with its stack and where to report it', () => {
  const { reporter, out } = createPiped('json', { bugsUrl: 'https://example.org/bugs' });
  reporter.error(new TypeError('x is undefined'));
  const error = JSON.parse(out());
  expect(error).toMatchObject({
    type: 'error',
    code: 'BUG',
    message: 'lobbie itself failed: TypeError: x is undefined',
    hint: 'This is a bug in lobbie. Please report it with these lines at https://example.org/bugs.',
    exit: 1,
  });
  expect(error.details[0]).toMatch(/^at /);
});

test('escapes what a terminal or a line reader would act on', () => {
  const { reporter, out } = createPiped('json');
  const line = { replica: 'api-1', timeMs: 1, stream: 'stdout', text: '\u009b2J\u2028\u001b[2J' } as const;
  reporter.log(line);
  expect(out()).toBe(
    '{"type":"log","replica":"api-1","timeMs":1,"stream":"stdout","text":"\\u009b2J\\u2028\\u001b[2J"}\n',
  );
  expect(JSON.parse(out())).toEqual({ type: 'log', ...line });
});
