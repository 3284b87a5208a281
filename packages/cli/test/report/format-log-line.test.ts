import { expect, test } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import { formatLogLine } from '../../src/report/format-log-line.ts';

const line = (text: string, replica = 'api-1') => ({ replica, timeMs: 0, stream: 'stdout', text }) as const;
const onTerminal = { colour: true, nameWidth: 6, terminal: true };

test('gives each replica a colour of its own that stays', () => {
  const prefix = (replica: string) => formatLogLine(line('x', replica), onTerminal).split('│')[0];
  expect(prefix('api-1')).toBe(prefix('api-1'));
  expect(prefix('api-1')?.replace('1', '2')).not.toBe(prefix('api-2'));
});

test('lets the colours of a log through to a terminal, closed at the end of the line', () => {
  const shown = formatLogLine(line('a \u001b[32mgreen'), onTerminal);
  expect(shown.endsWith('│\u001b[39m a \u001b[32mgreen\u001b[0m')).toBe(true);
});

test('stops on a terminal what moves the cursor, sets the title or rings', () => {
  const shown = formatLogLine(line('a\u001b[2Jb\u001b]0;evil\u0007c\rd\u009b5Ae\u0007\tf'), {
    ...onTerminal,
    colour: false,
  });
  expect(shown).toBe('api-1  │ abc de     f');
});

test('shows no colours where none are wanted', () => {
  expect(formatLogLine(line('\u001b[1;31mred\u001b[0m'), { ...onTerminal, colour: false })).toBe('api-1  │ red');
});

test('hands the text on as it is where there is no terminal', () => {
  const options = { colour: false, nameWidth: 5, terminal: false, unicode: false };
  expect(formatLogLine(line('\u001b[1mbold\u001b[0m\ttab\r'), options)).toBe('api-1 | \u001b[1mbold\u001b[0m\ttab');
});

test('leaves nothing but colours among the sequences, whatever the text', () => {
  const pieces = fc.constantFrom(
    '\u001b',
    '[',
    ']',
    '0;',
    '2J',
    'm',
    '31m',
    '\u009b',
    '\u0007',
    'x',
    '\u001b[1m',
    '\r',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 12 }), (parts) => {
      const shown = formatLogLine(line(parts.join('')), onTerminal);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that may pass
      expect(shown.replaceAll(/\u001b\[[0-9;:]*m/g, '')).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test('puts the time of a line before its text where that is asked for', () => {
  const timed = { ...line('text'), timeMs: Date.UTC(2026, 0, 31, 12, 0, 0, 7) };
  const options = { colour: false, nameWidth: 5, terminal: false, timestamps: true };
  expect(formatLogLine(timed, options)).toBe('api-1 │ 2026-01-31T12:00:00.007Z text');
  // The engine gave none.
  expect(formatLogLine({ ...timed, timeMs: Number.NaN }, options)).toBe('api-1 │ text');
});
