/** The seed of every run that does not choose one, so that `npm test` gives the same result each time. */
const FIXED_SEED = 1;

/**
 * The seed that `LOBBIE_SEED` names: a number, or `random` for a new one per property. Undefined means random.
 *
 * @throws Error when the value is neither
 */
export function seedOf({ LOBBIE_SEED: value }: NodeJS.ProcessEnv): number | undefined {
  if (value === undefined || value === '') return FIXED_SEED;
  if (value === 'random') return undefined;
  if (!/^-?\d{1,10}$/.test(value)) {
    throw new Error(`LOBBIE_SEED: expected "random" or the number that a failed property printed, got "${value}"`);
  }
  return Number(value);
}
