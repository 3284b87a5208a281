import type { Reporter, TestModule } from 'vitest/node';

/** The longest time without output in a test run. */
const SILENCE_MS = 20_000;

/**
 * Runs beside vitest's own reporter, which prints a line for each file that ends. Prints every 20 s which files still
 * run, and at the end why tests were skipped.
 */
export default class ProgressReporter implements Reporter {
  readonly #running = new Map<string, number>();
  readonly #write: (line: string) => void;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor({ write, now }: { write?: (text: string) => void; now?: () => number } = {}) {
    this.#write = write ?? ((text) => process.stdout.write(text));
    this.#now = now ?? (() => performance.now());
  }

  onTestRunStart(): void {
    this.#rest();
  }

  onTestModuleStart({ relativeModuleId }: TestModule): void {
    this.#running.set(relativeModuleId, this.#now());
  }

  onTestModuleEnd({ relativeModuleId }: TestModule): void {
    this.#running.delete(relativeModuleId);
    this.#rest();
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    clearInterval(this.#timer);
    const lines = skippedLines(modules);
    if (lines.length > 0) this.#write(`\nSkipped:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  }

  /** A line was printed: the next one is due in 20 s. */
  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#write(this.#stillRunning()), SILENCE_MS);
    this.#timer.unref();
  }

  #stillRunning(): string {
    const files = [...this.#running].map(([file, since]) => `${file} (${Math.round((this.#now() - since) / 1000)} s)`);
    return ` … still running: ${files.join(', ') || 'the next files are loaded'}\n`;
  }
}

/** One line for each file and reason. A test gives its reason to `skip` or in its title: `(skipped: <reason>)`. */
function skippedLines(modules: readonly TestModule[]): string[] {
  const counts = new Map<string, number>();
  for (const module of modules) {
    for (const test of module.children.allTests('skipped')) {
      const result = test.result();
      const note = result.state === 'skipped' ? result.note : undefined;
      const reason = note ?? /\(skipped: ([^()]+)\)/.exec(test.fullName)?.[1];
      // Tests left out by a filter such as `-t` have no reason.
      if (reason === undefined) continue;
      const line = `${module.relativeModuleId}: ${reason}`;
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
  }
  return [...counts].map(([line, count]) => `${line} (${count} ${count === 1 ? 'test' : 'tests'})`);
}
