import { describe, expect, it } from 'vitest';
import { testService } from './test-service.ts';

describe('an error page', () => {
  const ask = async (url: string, accept?: string) => {
    const { app } = await testService(
      (routes) =>
        void routes.get('/broken', () => {
          throw new Error('/srv/secret');
        }),
      {},
      {
        errorPage: ({ headers }, { status, sentence }) =>
          headers.accept === 'text/html' ? `<h1>${status} ${sentence}</h1>` : undefined,
      },
    );
    const { statusCode, headers, body } = await app.inject({ url, headers: accept === undefined ? {} : { accept } });
    return [statusCode, headers['content-type'], headers.vary, body];
  };

  it.each([
    ['/broken', 500, 'Something went wrong on this side.'],
    ['/nowhere', 404, 'There is nothing here.'],
    ['/%2f', 400, 'The path is not valid.'],
  ])('is made of %s where the service wants one, else JSON', async (url, status, sentence) => {
    const page = `<h1>${status} ${sentence}</h1>`;
    expect(await ask(url, 'text/html')).toEqual([status, 'text/html; charset=utf-8', 'accept', page]);
    const json = JSON.stringify({ error: sentence });
    expect(await ask(url)).toEqual([status, expect.stringMatching(/^application\/json/), 'accept', json]);
  });

  it('is made of a path that cannot be read, too', async () => {
    expect(await ask('/%zz', 'text/html')).toEqual([
      400,
      'text/html; charset=utf-8',
      'accept',
      expect.stringMatching(/^<h1>400 /),
    ]);
  });
});
