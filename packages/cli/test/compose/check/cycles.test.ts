import { describe, expect, it } from 'vitest';
import { fc } from '../../../../../scripts/seeded-fast-check.ts';
import { cycles } from '../../../src/compose/check/cycles.ts';
import type { ServiceConfig } from '../../../src/compose/service-config.ts';

/** `a: [b]` is a service a that waits for b. */
function cyclesOf(graph: Readonly<Record<string, readonly string[]>>): string[] {
  const services = Object.entries(graph).map(([name, on]): [string, ServiceConfig] => {
    const dependency = { condition: 'service_started', required: true } as const;
    return [
      name,
      { command: null, entrypoint: null, depends_on: Object.fromEntries(on.map((one) => [one, dependency])) },
    ];
  });
  const config = { name: 'test', services: Object.fromEntries(services) };
  return [...cycles(config, [])].map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('services that wait for each other', () => {
  it('are named in full, from the first of the file', () => {
    expect(cyclesOf({ web: ['api'], api: ['db'], db: ['cache'], cache: ['api'] })).toEqual([
      'services.api.depends_on.db: services wait for each other: api → db → cache → api',
    ]);
  });

  it('are cut in the middle if there are many', () => {
    const names = Array.from({ length: 100 }, (_, at) => `s${at}`);
    const [told = ''] = cyclesOf(Object.fromEntries(names.map((name, at) => [name, [`s${(at + 1) % 100}`]])));
    expect(told).toMatch(/: s0 → s1 → .* → s9 → 81 more → s91 → .* → s99 → s0$/);
  });

  it('may be one service that waits for itself', () => {
    expect(cyclesOf({ a: ['a'] })).toEqual(['services.a.depends_on.a: services wait for each other: a → a']);
  });

  it('are reported once per circle', () => {
    expect(cyclesOf({ a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] })).toEqual([
      'services.a.depends_on.b: services wait for each other: a → b → a',
      'services.c.depends_on.d: services wait for each other: c → d → c',
    ]);
  });

  it('are not two that wait for the same service', () => {
    expect(cyclesOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })).toEqual([]);
  });

  it('are not reported if one of them is missing', () => {
    expect(cyclesOf({ a: ['gone', 'toString'] })).toEqual([]);
  });

  it('are found in a chain of 20,000', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `s${index}`);
    const chain = Object.fromEntries(names.map((name, index) => [name, index === 0 ? [] : [`s${index - 1}`]]));
    expect(cyclesOf(chain)).toEqual([]);
    expect(cyclesOf({ ...chain, s0: ['s19999'] })).toHaveLength(1);
  });

  it('are reported exactly if no order is possible', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const graph = fc.record(Object.fromEntries(names.map((name) => [name, fc.subarray(names)])));
    fc.assert(fc.property(graph, (edges) => cyclesOf(edges).length > 0 === !hasOrder(edges)));
  });
});

/** Removes services that wait for nothing, until none is left or none can be removed. */
function hasOrder(graph: Readonly<Record<string, readonly string[]>>): boolean {
  const left = new Map(Object.entries(graph));
  for (let taken = true; taken; ) {
    taken = false;
    for (const [name, on] of left) if (!on.some((one) => left.has(one))) taken = left.delete(name);
  }
  return left.size === 0;
}
