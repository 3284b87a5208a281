import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, parseConfig } from '../../src/service/parse-config.ts';
import { serviceShape } from '../../src/service/service-config.ts';

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
    expect(parse).toThrow('PORT: expected a whole number from 0 to 65535; API_KEY: is too short; URL: is missing');
    expect(parse).not.toThrow(/hunter2|\n/);
  });

  it.each(['1e3', '0x10', ' 80', '-1', '80.5', '99999999999999999999'])('refuses %j as a port', (PORT) => {
    expect(() => parseConfig(serviceShape, { PORT })).toThrow(/^PORT: /);
  });
});
