import { stripVTControlCharacters } from 'node:util';

/**
 * Makes text of others (names, messages, log lines) safe to print: no escape sequence, no control character, no
 * change of writing direction; one line.
 */
export const cleanText = (text: string): string => neutralise(text).trimEnd();

/** The same with the spaces at the end, for a part of a line. */
export const neutralise = (text: string): string => stripVTControlCharacters(text).replace(UNPRINTABLE, ' ');

/** The same for text of several lines. */
export const cleanLines = (text: string): string[] => text.trimEnd().split(/\r?\n/).map(cleanText);

/** Controls of both sets, line and paragraph separators, and the marks that reorder what is shown around them. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
