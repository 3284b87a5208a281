import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));
const page = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');
const sources = globSync('**/*.ts', { cwd: SOURCE })
  .map((path) => readFileSync(`${SOURCE}/${path}`, 'utf8'))
  .join('\n');

/** The messages that headings quote, in pieces: `…` stands for what differs. */
const messages = [...page.matchAll(/^### .*$/gm)].flatMap(([heading]) =>
  [...heading.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message),
);

it('quotes messages that lobbie still has', () => {
  expect(messages.length).toBeGreaterThan(20);
  const gone = messages.filter((message) =>
    message.split(/…:?/).some((piece) => piece.trim() !== '' && !sources.includes(piece.trim())),
  );
  expect(gone).toEqual([]);
});
