import { cleanText } from './clean-text.ts';
import type { Style } from './style.ts';
import { hang, wrapWords } from './wrap-words.ts';

/** The warnings of a result, wrapped and never cut. */
export const warningLines = (warnings: readonly string[], { chalk, glyphs, width }: Style): string[] =>
  warnings.flatMap((warning) => hang(chalk.yellow(glyphs.warning), 2, wrapWords(cleanText(warning), width - 2)));
