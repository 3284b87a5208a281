import type { Project } from './project.ts';
import { type SecretHolders, secretsOf } from './secrets.ts';
import { spellingsOf } from './spellings-of.ts';

/**
 * Replaces secret values in text by `***`. One mask is made for a command, and everything that the command prints goes
 * through it.
 */
export interface SecretMask {
  /** Masks the secrets of a project from now on, those of the projects before it too. */
  learn(project: SecretHolders): void;
  /** Lets `settled` wait until these projects were read and learned. */
  learnFrom(reading: Promise<readonly (Project | undefined)[]>): void;
  /** Resolves when everything that is being read was learned, or could not be read. */
  settled(): Promise<void>;
  text(text: string): string;
}

/** A mask without secrets. */
export function createSecretMask(): SecretMask {
  const known = new Set<string>();
  const readings: Promise<unknown>[] = [];
  let spellings: readonly string[] = [];
  const learn = (project: SecretHolders): void => {
    const secrets = secretsOf(project).filter((secret) => !known.has(secret));
    if (secrets.length === 0) return;
    for (const secret of secrets) known.add(secret);
    spellings = spellingsOf([...known]);
  };
  return {
    learn,
    learnFrom(reading) {
      const learned = reading.then((projects) => {
        for (const project of projects) if (project !== undefined) learn(project);
      });
      readings.push(learned.catch(() => undefined));
    },
    async settled() {
      await Promise.all(readings);
    },
    text: (text) => spellings.reduce((clean, spelling) => clean.replaceAll(spelling, '***'), text),
  };
}
