import type { Project } from './project.ts';
import { type SecretHolders, secretsOf } from './secrets.ts';
import { spellingsOf } from './spellings-of.ts';

/**
 * Replaces secret values in text by `***`. Each command has one mask, and everything that it prints goes through it.
 */
export interface SecretMask {
  /** Masks the secrets of this project from now on, in addition to those of earlier ones. */
  learn(project: SecretHolders): void;
  /** Makes `settled` wait until these projects have been read and learned. */
  learnFrom(reading: Promise<readonly (Project | undefined)[]>): void;
  /** Resolves when everything that was being read has been learned or could not be read. */
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
