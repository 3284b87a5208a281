import { stripVTControlCharacters } from 'node:util';

/**
 * Makes text from other programs (names, messages, log lines) safe to print on one line: removes escape sequences,
 * control characters and marks that change the writing direction.
 */
export const cleanText = (text: string): string => neutralise(text).trimEnd();

/** Like `cleanText`, but keeps the spaces at the end. For a part of a line. */
export const neutralise = (text: string): string => stripVTControlCharacters(text).replace(UNPRINTABLE, ' ');

/** Like `cleanText`, for text of several lines. */
export const cleanLines = (text: string): string[] => text.trimEnd().split(/\r?\n/).map(cleanText);

/** Control characters (C0 and C1), line and paragraph separators, and the marks that reorder the text around them. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
