// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Compose files, not of this program
import { describe, expect, it } from 'vitest';
import { parseDotenv } from '../../../src/compose/read/parse-dotenv.ts';

const SHELL: Readonly<Record<string, string>> = { SHELL: 'sh' };
const parse = (text: string, earlier = {}) => parseDotenv(text, { lookup: (name) => SHELL[name], earlier });

describe('an env file', () => {
  it.each([
    ['A=1', { A: '1' }],
    ['A: 1', { A: '1' }],
    ['export A=1', { A: '1' }],
    ['  A = 1  ', { A: '1' }],
    ['A=', { A: '' }],
    ['A=b # comment', { A: 'b' }],
    ['A=b#c', { A: 'b#c' }],
    ['# comment\n\nA=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['\uFEFFA=1', { A: '1' }],
    ["A='$B \\n # c'", { A: '$B \\n # c' }],
    ['A="a\\tb\\n$SHELL \\$C" # c', { A: 'a\tb\nsh $C' }],
    ['A="one\ntwo"\nB=3', { A: 'one\ntwo', B: '3' }],
    ["A='it\\'s'", { A: "it's" }],
    ['A=1\nB=$A${A:-x}${C:-y}', { A: '1', B: '11y' }],
    ['A=$$A', { A: '$A' }],
    ['SHELL=own\nB=$SHELL', { SHELL: 'own', B: 'sh' }],
    ['SHELL\nNOBODY\n', { SHELL: 'sh' }],
    ['a.b-c[0]=1', { 'a.b-c[0]': '1' }],
    ['__proto__=1', JSON.parse('{"__proto__": "1"}')],
  ])('%j is read', (text, variables) => {
    const read = parse(text);
    expect(read.error).toBeUndefined();
    expect(Object.entries(read.variables)).toEqual(Object.entries(variables));
  });

  it('uses values of earlier files after its own', () => {
    expect(parse('B=$A$C\nA=2\nD=$A', { A: '1', C: 'c' }).variables).toEqual({ B: '1c', A: '2', D: '2' });
  });

  it('shows no values when it is refused', () => {
    for (const text of ['A="hunter2', 'A b=hunter2', 'A!hunter2', 'hunter2 hunter2', 'A=hunter2${', "A='hunter2\n"])
      expect(JSON.stringify(parse(text).error)).not.toContain('hunter2');
  });

  it.each([
    ['A=1\nB="open', 2, 'is not closed'],
    ['A B=1', 1, 'cannot contain a space'],
    ['A=1\n\na!b=2', 3, 'unexpected character "!"'],
    ['A=${B:?is needed}', 1, 'required variable B is missing a value: is needed'],
    ['A=1\nB=${A.b}', 2, 'invalid interpolation format'],
  ])('%j is refused with its line', (text, line, message) => {
    expect(parse(text).error).toEqual({ line, message: expect.stringContaining(message) });
  });
});
