/** Runs acts at the same time, and some of them alone. */
export interface Turns {
  beside<T>(act: () => Promise<T>): Promise<T>;
  /** Waits for all acts in progress; later ones wait for it. Must not be called from within an act. */
  alone<T>(act: () => Promise<T>): Promise<T>;
}

export const takeTurns = (): Turns => {
  let lastAlone: Promise<unknown> = Promise.resolve();
  const underWay = new Set<Promise<unknown>>();
  return {
    beside: (act) => {
      const run = lastAlone.then(act);
      const ended: Promise<unknown> = run
        .catch(() => {})
        .then(() => {
          underWay.delete(ended);
        });
      underWay.add(ended);
      return run;
    },
    alone: (act) => {
      const run = Promise.all([lastAlone, ...underWay]).then(act);
      lastAlone = run.catch(() => {});
      return run;
    },
  };
};
