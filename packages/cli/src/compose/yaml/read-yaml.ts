import { Composer, type Document, LineCounter, type Node, Parser } from 'yaml';
import { LobbieError } from '../../model/errors.ts';
import type { Path, Problem } from '../problem.ts';
import type { TreeMap } from '../tree.ts';
import { type Aliases, followAliases } from './follow-aliases.ts';
import { looseLexer } from './loose-lexer.ts';
import { toTree } from './yaml-to-tree.ts';

/** One YAML document of a file. */
export interface YamlDocument {
  readonly tree: TreeMap;
  /** Paths marked `!reset` or `!override`: values from earlier files are removed there. */
  readonly dropped: readonly Path[];
  /** For positions. */
  readonly contents: Node | null;
  readonly aliases: Aliases;
}

/** A parsed file. With problems, the documents may be incomplete. */
export interface YamlFile {
  readonly file: string;
  readonly documents: readonly YamlDocument[];
  readonly lines: LineCounter;
  readonly problems: readonly Problem[];
}

/** About twenty times the largest Compose files known. Reading more would take seconds. */
const MAX_TOKENS = 400_000;
const MAX_FLOW_DEPTH = 200;
const MAX_CHARACTERS = 20_000_000;

/** Parses a Compose file. Every problem has its line. Time and memory are limited for any text. */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const documents: YamlDocument[] = [];
  const report = (message: string, offset: number): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({ path: '', message: `not valid YAML: ${message}`, file, line, column: col });
  };
  try {
    const open: number[] = [];
    for (const document of compose(text, lines, open)) {
      const [unclosed] = open.slice(-1);
      if (document.errors.length > 0 && unclosed !== undefined) {
        // All other errors are consequences of this one.
        report(`this "${text[unclosed]}" is not closed`, unclosed);
        continue;
      }
      for (const { message, pos } of document.errors) report(message, pos[0]);
      if (document.errors.length > 0) continue;
      const aliases = followAliases(document.contents);
      const { tree, dropped, problems: own } = toTree(document, aliases, { text, file, lines });
      problems.push(...own);
      if (tree !== undefined) documents.push({ tree, dropped, contents: document.contents, aliases });
    }
  } catch (error) {
    if (error instanceof RangeError) problems.push({ path: '', message: 'nested too deeply', file });
    else if (error instanceof LobbieError) problems.push({ path: '', message: error.message, file });
    else throw error;
  }
  return { file, documents, lines, problems };
}

/** @param open offsets of the brackets that are not closed yet */
function* compose(text: string, lines: LineCounter, open: number[]): Generator<Document> {
  if (text.length > MAX_CHARACTERS) throw tooLarge(`${text.length} characters`);
  if (text.includes('\0')) throw new LobbieError('INVALID_INPUT', 'not a text file');
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, logLevel: 'silent', prettyErrors: false });
  yield* composer.compose(tokens(text, lines, open));
}

function* tokens(text: string, lines: LineCounter, open: number[]) {
  const parser = new Parser(lines.addNewLine);
  let count = 0;
  let offset = 0;
  lines.addNewLine(0);
  for (const lexeme of looseLexer().lex(text)) {
    // Empty lines and comments cost little.
    if (!/^[\s#]/.test(lexeme)) count++;
    if (count > MAX_TOKENS) throw tooLarge(`more than ${MAX_TOKENS} YAML tokens`);
    if (lexeme === '[' || lexeme === '{') open.push(offset);
    else if (lexeme === ']' || lexeme === '}') open.pop();
    if (!MARKS.includes(lexeme)) offset += lexeme.length;
    if (open.length > MAX_FLOW_DEPTH) throw new LobbieError('INVALID_INPUT', 'nested too deeply');
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

/** The characters that the lexer adds to the text: start of a document, end of a broken bracket, start of a scalar. */
const MARKS = ['\u{2}', '\u{18}', '\u{1f}'];

const tooLarge = (size: string) => new LobbieError('INVALID_INPUT', `too large for a Compose file: ${size}`);
