/** Time. Everything takes it from a clock, so that tests need not wait. Only `real-clock.ts` reads the real one. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment. Unlike `now`, it never jumps when the machine's time is set. */
  monotonicMs(): number;
  /** Rejects with the signal's reason if that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once. Returns a function that stops it. */
  after(ms: number, callback: () => void): () => void;
  /** Calls back again and again. Returns a function that stops it. Does not keep the process alive. */
  every(ms: number, callback: () => void): () => void;
  /** A signal that aborts with a `TimeoutError`. Does not keep the process alive. */
  timeout(ms: number): AbortSignal;
}
