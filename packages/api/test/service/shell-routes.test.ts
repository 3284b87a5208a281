import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/service/service-error.ts';
import { testService } from './test-service.ts';

describe('/health and /ready', () => {
  it('answers /health while starting, and /ready only afterwards', async () => {
    const { app, lifecycle } = await testService();
    expect((await app.inject('/health')).statusCode).toBe(200);
    expect((await app.inject('/ready')).statusCode).toBe(503);
    lifecycle.markReady();
    expect((await app.inject('/ready')).json()).toEqual({ status: 'ready' });
    lifecycle.markDraining();
    expect((await app.inject('/ready')).json()).toEqual({ error: 'The service is draining.' });
    lifecycle.markReady();
    expect((await app.inject('/ready')).statusCode).toBe(503);
  });

  it('is not ready while a check fails, and says why', async () => {
    let up = false;
    const check = () => {
      if (!up) throw new ServiceError(503, 'The database is down.');
    };
    const { app, lifecycle } = await testService(undefined, {}, { checks: [check] });
    lifecycle.markReady();
    expect((await app.inject('/ready')).json()).toEqual({ error: 'The database is down.' });
    up = true;
    expect((await app.inject('/ready')).statusCode).toBe(200);
  });
});

describe('/metrics', () => {
  it('counts requests by route, method and status', async () => {
    const { app } = await testService((app) => void app.get('/things/:id', () => 'x'));
    for (const url of ['/things/1', '/things/2', '/nowhere']) await app.inject(url);
    const { body, headers } = await app.inject('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0.0.4/);
    expect(body).toContain('http_request_duration_seconds_count{method="GET",route="/things/:id",status="200"} 2');
    expect(body).toContain(
      'http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/things/:id",status="200"} 2',
    );
    expect(body).toContain('route="unknown",status="404"} 1');
    expect(body).toContain('process_cpu_user_seconds_total');
  });
});

describe('/openapi.json', () => {
  it('describes the routes by the schemas that validate them', async () => {
    const querystring = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } };
    const { app } = await testService((app) => void app.get('/paged/:id', { schema: { querystring } }, () => 'x'));
    expect((await app.inject('/paged/1?n=0')).statusCode).toBe(400);
    const document = (await app.inject('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/health', '/ready', '/metrics', '/openapi.json', '/paged/{id}']),
    );
    const { parameters, responses } = document.paths['/paged/{id}'].get;
    expect(parameters).toContainEqual(
      expect.objectContaining({ in: 'query', name: 'n', schema: { type: 'integer', minimum: 1 } }),
    );
    expect(responses.default.content['application/json'].schema.required).toEqual(['error']);
    expect(document.paths['/health'].head).toBeUndefined();
  });
});

describe('logs', () => {
  it('redacts keys, authorization and passwords in URLs, and leaves out queries', async () => {
    const lines: string[] = [];
    const { app } = await testService(
      (app) =>
        void app.get('/broken', ({ log, headers }) => {
          log.info({ headers, user: { password: 'hush' } }, 'asked');
          throw new Error('connect postgres://app:hunter2@db/x failed');
        }),
      { LOG_LEVEL: 'info' },
      { logStream: { write: (line) => void lines.push(line) } },
    );
    await app.inject({
      url: '/broken?key=inquery',
      headers: { authorization: 'Bearer abc', 'x-api-key': 'k123', cookie: 'c=9' },
    });
    const text = lines.join('');
    expect(text).not.toMatch(/hunter2|Bearer abc|k123|c=9|hush|inquery/);
    const failure = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request failed');
    expect(failure).toMatchObject({ level: 50, req: { method: 'GET', path: '/broken' }, status: 500 });
    expect(failure.err.message).toBe('connect postgres://app:***@db/x failed');
  });
});
