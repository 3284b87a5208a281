import { existsSync } from 'node:fs';
import { describe } from 'vitest';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where Chromium is: as CHROMIUM says, or at its usual places. */
export const chromium: string | undefined = process.env.CHROMIUM || PLACES.find((place) => existsSync(place));

/**
 * `describe` for tests that need a browser. Without one they are skipped, and say why; where CHROMIUM names one that is not
 * there, that fails: a test that is skipped would look like one that has passed.
 */
export const describeWithChromium: (name: string, tests: () => void) => void = (name, tests) => {
  if (chromium !== undefined && existsSync(chromium)) return void describe(name, tests);
  if (process.env.CHROMIUM) throw new Error(`No Chromium at ${process.env.CHROMIUM} for the tests in a browser.`);
  describe.skip(`${name} (skipped: no Chromium: apt-get install chromium, or set CHROMIUM to its path)`, tests);
};
