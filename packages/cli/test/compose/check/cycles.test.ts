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

  it('are cut in the middle where they are long', () => {
    const names = Array.from({ length: 100 }, (_, at) => `s${at}`);
    const [told = ''] = cyclesOf(Object.fromEntries(names.map((name, at) => [name, [`s${(at + 1) % 100}`]])));
    expect(told).toMatch(/: s0 → s1 → .* → s9 → 81 more → s91 → .* → s99 → s0$/);
  });

  it('may be a service and itself', () => {
    expect(cyclesOf({ a: ['a'] })).toEqual(['services.a.depends_on.a: services wait for each other: a → a']);
  });

  it('are told once a circle', () => {
    expect(cyclesOf({ a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] })).toEqual([
      'services.a.depends_on.b: services wait for each other: a → b → a',
      'services.c.depends_on.d: services wait for each other: c → d → c',
    ]);
  });

  it('are none where two wait for the same one', () => {
    expect(cyclesOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })).toEqual([]);
  });

  it('are none where one is not there', () => {
    expect(cyclesOf({ a: ['gone', 'toString'] })).toEqual([]);
  });

  it('are found in a chain of 20,000', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `s${index}`);
    const chain = Object.fromEntries(names.map((name, index) => [name, index === 0 ? [] : [`s${index - 1}`]]));
    expect(cyclesOf(chain)).toEqual([]);
    expect(cyclesOf({ ...chain, s0: ['s19999'] })).toHaveLength(1);
  });

  it('are told exactly where no order is possible', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const graph = fc.record(Object.fromEntries(names.map((name) => [name, fc.subarray(names)])));
    fc.assert(fc.property(graph, (edges) => cyclesOf(edges).length > 0 === !hasOrder(edges)));
  });
});

/** Takes away what waits for nothing, until nothing is left or nothing can be taken. */
function hasOrder(graph: Readonly<Record<string, readonly string[]>>): boolean {
  const left = new Map(Object.entries(graph));
  for (let taken = true; taken; ) {
    taken = false;
    for (const [name, on] of left) if (!on.some((one) => left.has(one))) taken = left.delete(name);
  }
  return left.size === 0;
}
