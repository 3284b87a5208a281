import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { databaseShape } from '../../src/service/database-config.ts';
import { ConfigError, parseConfig } from '../../src/service/parse-config.ts';
import { portField, serviceShape } from '../../src/service/service-config.ts';

describe('parseConfig', () => {
  it('fills in defaults, and takes an empty variable for a missing one', () => {
    expect(parseConfig(serviceShape, { PORT: '', LOG_LEVEL: 'debug' })).toMatchObject({
      HOST: '0.0.0.0',
      PORT: 3000,
      LOG_LEVEL: 'debug',
    });
  });

  it('names every wrong and every missing variable in one line, and shows no value', () => {
    const shape = { ...serviceShape, API_KEY: z.string().min(12, 'is too short'), URL: z.string() };
    const parse = () => parseConfig(shape, { PORT: '70000', API_KEY: 'hunter2' });
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow('PORT: expected a whole number from 1 to 65535; API_KEY: is too short; URL: is missing');
    expect(parse).not.toThrow(/hunter2|\n/);
  });

  it.each(['0', '1e3', '0x10', '+80', ' 80', '80 ', '080', '-1', '80.5', '80.0', '٨٠', '99999999999999999999'])(
    'refuses %j as a port',
    (text) => {
      expect(() => parseConfig(serviceShape, { PORT: text })).toThrow(
        /^PORT: expected a whole number from 1 to 65535$/,
      );
      const shape = { FLASK_PORT: portField.default(5000) };
      expect(() => parseConfig(shape, { FLASK_PORT: text })).toThrow(/^FLASK_PORT: /);
      expect(() => parseConfig(databaseShape, { PGHOST: 'a', PGDATABASE: 'a', PGUSER: 'a', PGPORT: text })).toThrow(
        /^PGPORT: /,
      );
    },
  );

  it.each(['1e3', '0x10', '+80', ' 80', '00', '080', '-1', '80.5', '9007199254740993'])(
    'refuses %j as any other number',
    (text) => {
      expect(() => parseConfig(serviceShape, { BODY_LIMIT_BYTES: text })).toThrow(/^BODY_LIMIT_BYTES: /);
      expect(() => parseConfig(serviceShape, { SHUTDOWN_TIMEOUT_MS: text })).toThrow(/^SHUTDOWN_TIMEOUT_MS: /);
    },
  );

  it('takes both ends of a range', () => {
    const parse = (env: Record<string, string>) => parseConfig(serviceShape, env);
    expect([parse({ PORT: '1' }).PORT, parse({ PORT: '65535' }).PORT]).toEqual([1, 65_535]);
    expect(parse({ SHUTDOWN_TIMEOUT_MS: '0' }).SHUTDOWN_TIMEOUT_MS).toBe(0);
    const most = Number.MAX_SAFE_INTEGER;
    expect(parse({ BODY_LIMIT_BYTES: String(most) }).BODY_LIMIT_BYTES).toBe(most);
  });
});
