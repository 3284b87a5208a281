import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { get, projectPlace, urlOf } from './project-place.ts';

const CLIENTS = { keepAlive: 8, fresh: 4, connectionClose: 4, pauseMs: 40 };

describeEngine('nginx before two applications with a Redis', (engine) => {
  it('replaces what changed under load, loses nothing, and leaves the rest alone', async () => {
    const port = await freePort();
    await using place = projectPlace(engine, 'shop', { SHOP_PORT: String(port), SHOP_NAME: `shop-${port}` });
    const first = await place.receipt('deploy');
    expect(first).toMatchObject({ exit: 0, outcome: 'deployed' });
    const url = urlOf(first);
    expect(await get(`${url}/catalog`)).toMatch(/^catalog 1 \d+ /);
    const [proxy, redis] = [await place.containerOf('proxy'), await place.containerOf('redis')];

    const load = await startLoad({ url: `${url}/cart`, ...CLIENTS });
    const second = await place.receipt('deploy', { SHOP_VERSION: '2' });
    // Another configuration of nginx: the one with the fixed port and the name rolls too.
    const file = join(place.path, 'compose.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('return 204;', 'return 200 "fine";'));
    const third = await place.receipt('deploy', { SHOP_VERSION: '2' });
    const result = await load.stop();
    expect(second).toMatchObject({ exit: 0, outcome: 'deployed' });
    expect(third).toMatchObject({ exit: 0, outcome: 'deployed' });
    expect(result.failures).toEqual([]);
    expect(result.total).toBeGreaterThan(50);
    expect(await get(`${url}/cart`)).toMatch(/^cart 2 /);
    expect(await get(`${url}/health`)).toBe('fine');
    expect(await place.containerOf('redis')).toBe(redis);
    expect(await place.containerOf('proxy')).not.toBe(proxy);
  });

  it('takes everything back when the second of two services fails', async () => {
    await using place = projectPlace(engine, 'shop', { SHOP_NAME: `shop-${process.pid}-back` });
    const first = await place.receipt('deploy');
    const url = urlOf(first);
    const before = await Promise.all(['proxy', 'catalog', 'cart', 'redis'].map(place.containerOf));
    const load = await startLoad({ url: `${url}/catalog`, ...CLIENTS });
    // The first one is replaced by then.
    const waits = { depends_on: { catalog: { condition: 'service_healthy' } } };
    await writeFile(join(place.path, 'compose.override.yaml'), JSON.stringify({ services: { cart: waits } }));
    const failed = await place.receipt('deploy', { SHOP_VERSION: '2', CART_BROKEN: 'yes' });
    const result = await load.stop();
    expect(failed).toMatchObject({ exit: 5, outcome: 'failed-restored', error: { code: 'GATE_FAILED' } });
    expect(failed.error?.message).toContain('cart-1');
    expect(result.failures).toEqual([]);
    expect(await Promise.all(['proxy', 'catalog', 'cart', 'redis'].map(place.containerOf))).toEqual(before);
    expect(await get(`${url}/catalog`)).toMatch(/^catalog 1 /);
    expect(await get(`${url}/cart`)).toMatch(/^cart 1 /);
  });
});
