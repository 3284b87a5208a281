import { Lexer } from 'yaml';

/** Two of the lexer's own methods, and the column at which the next line must begin. */
interface Inner {
  indentNext: number;
  parseFlowCollection: () => Generator<string, unknown>;
  parseQuotedScalar: () => Generator<string, unknown>;
}

/** A lexer that allows lines inside quotes and brackets to begin at any column, like Docker Compose but unlike YAML. */
export function looseLexer(): Lexer {
  const lexer = new Lexer();
  // There is no option for it; the methods are private.
  const inner = lexer as unknown as Inner;
  for (const name of ['parseFlowCollection', 'parseQuotedScalar'] as const) {
    const parse = inner[name].bind(inner);
    inner[name] = function* atAnyColumn() {
      const { indentNext } = inner;
      inner.indentNext = 0;
      const next = yield* parse();
      inner.indentNext = indentNext;
      return next;
    };
  }
  return lexer;
}
