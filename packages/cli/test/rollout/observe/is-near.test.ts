import { describe, expect, it } from 'vitest';
import { isNear } from '../../../src/rollout/observe/is-near.ts';

const NETWORK = { id: '0123456789abcdef', labels: {}, driver: 'bridge', driverOpts: {}, pools: [] };
const LOCAL = { url: 'unix:///x', chosenBy: 'the test', local: true };

const ask = (interfaces: readonly string[], options: { driverOpts?: Record<string, string>; local?: boolean } = {}) => {
  const { driverOpts = {}, local = true } = options;
  const inspectNetwork = async (name: string) => (name === 'there' ? { ...NETWORK, driverOpts } : undefined);
  const engine = { endpoint: { ...LOCAL, local }, inspectNetwork };
  return isNear(engine, 'there', () => Object.fromEntries(interfaces.map((name) => [name, []])));
};

describe('isNear', () => {
  it.each([
    ['has the bridge of the network', ['lo', 'br-0123456789ab'], {}, true],
    ['has the bridge under the name that the network gives it', ['lo', 'mine0'], { driverOpts: named('mine0') }, true],
    ['has bridges of other networks only', ['lo', 'docker0', 'br-aaaaaaaaaaaa'], {}, false],
    ['has no bridges, as in a container', ['lo', 'eth0'], {}, false],
    ['has a bridge of that name, and the engine is far', ['br-0123456789ab'], { local: false }, false],
  ])('tells of a machine that %s', async (_, interfaces, options, expected) => {
    expect(await ask(interfaces, options)).toBe(expected);
  });

  it('does not know a network that the engine does not have', async () => {
    const engine = { endpoint: LOCAL, inspectNetwork: async () => undefined };
    expect(await isNear(engine, 'gone', () => ({ 'br-': [] }))).toBe(false);
  });
});

function named(bridge: string): Record<string, string> {
  return { 'com.docker.network.bridge.name': bridge };
}
