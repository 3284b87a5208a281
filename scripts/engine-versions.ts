/** The tested versions of Docker Engine, with the Debian suite that has each. */
export const ENGINE_VERSIONS = { '20.10': 'bookworm', '26.1': 'trixie', '28.5': 'sid' } as const;

export type EngineVersion = keyof typeof ENGINE_VERSIONS;

/** Whether a word is one of these versions. */
export const isEngineVersion = (word: string): word is EngineVersion => Object.hasOwn(ENGINE_VERSIONS, word);
