import { customAlphabet } from 'nanoid';

/** The name of a container's file, and of its entry in the history. */
export const FILE_NAME = /^include-me-[A-Za-z0-9]+\.txt$/;

const random = customAlphabet('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 21);

/** A name that no other container is likely to have. */
export const makeFileName = (): string => `include-me-${random()}.txt`;
