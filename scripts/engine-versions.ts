/** The Docker Engines that are tested, and the suite of Debian that each comes from. */
export const ENGINE_VERSIONS = { '20.10': 'bookworm', '26.1': 'trixie', '28.5': 'sid' } as const;

export type EngineVersion = keyof typeof ENGINE_VERSIONS;

/** Whether a word names one of them. */
export const isEngineVersion = (word: string): word is EngineVersion => Object.hasOwn(ENGINE_VERSIONS, word);
