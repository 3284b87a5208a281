import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { seedOf } from '../seed-of.ts';

const MODULE = fileURLToPath(new URL('../seeded-fast-check.ts', import.meta.url));

/** Runs a property that fails in a process of its own, and gives the seed in its message. */
function failedSeed(LOBBIE_SEED: string): string | undefined {
  const source = `import { fc } from ${JSON.stringify(MODULE)};
    try { fc.assert(fc.property(fc.nat(), () => false)); } catch (error) { console.log(error.message); }`;
  const argv = ['--experimental-strip-types', '--no-warnings', '--input-type=module', '--eval', source];
  const output = execFileSync(process.execPath, argv, { encoding: 'utf8', env: { ...process.env, LOBBIE_SEED } });
  return /seed: (-?\d+)/.exec(output)?.[1];
}

describe('the seed of property tests', () => {
  it('is fixed unless the environment names one', () => {
    expect(seedOf({})).toBe(1);
    expect(seedOf({ LOBBIE_SEED: '' })).toBe(1);
  });

  it('is the number in LOBBIE_SEED, and undefined for a random one', () => {
    expect(seedOf({ LOBBIE_SEED: '-1819918769' })).toBe(-1819918769);
    expect(seedOf({ LOBBIE_SEED: 'random' })).toBeUndefined();
  });

  it.each(['abc', '1.5', '1e3', '0x10', ' 1', '12345678901'])('is refused when it is "%s"', (LOBBIE_SEED) => {
    expect(() => seedOf({ LOBBIE_SEED })).toThrow(`got "${LOBBIE_SEED}"`);
  });

  it('is printed when a property fails, and can be repeated', () => {
    expect(failedSeed('')).toBe('1');
    expect(failedSeed('-42')).toBe('-42');
    const seeds = [failedSeed('random'), failedSeed('random')];
    expect(seeds).toEqual([expect.stringMatching(/^-?\d+$/), expect.stringMatching(/^-?\d+$/)]);
    expect(seeds[0]).not.toBe(seeds[1]);
  });
});
