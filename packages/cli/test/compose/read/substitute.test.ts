// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Compose files, not of this program
import { describe, expect, it } from 'vitest';
import { substitute } from '../../../src/compose/read/substitute.ts';

const VALUES: Readonly<Record<string, string>> = { A: 'a', EMPTY: '' };

function run(text: string) {
  const unset: string[] = [];
  const errors: string[] = [];
  const result = substitute(text, {
    lookup: (name) => VALUES[name],
    onUnset: (name) => void unset.push(name),
    onError: (message) => void errors.push(message),
  });
  return { result, unset, errors };
}

describe('a variable', () => {
  it.each([
    ['$A-${A}', 'a-a'],
    ['pa$word', 'pa'],
    ['$5 $ $', '$5 $ $'],
    ['$$A $${A} $$$A', '$A ${A} $a'],
    ['${A:-x}${EMPTY:-x}${NO:-x}', 'axx'],
    ['${A-x}${EMPTY-x}${NO-x}', 'ax'],
    ['${A:+x}${EMPTY:+x}${NO:+x}', 'x'],
    ['${A+x}${EMPTY+x}${NO+x}', 'xx'],
    ['${A:?m}${EMPTY?m}', 'a'],
    ['${NO:-${NO2:-${A}}}', 'a'],
    ['${NO:-$A}}', 'a}'],
    ['${NO:-{"a": "$A"}}', '{"a": "a"}'],
    ['${NO:-a:b?c+d}', 'a:b?c+d'],
    ['a\n${NO:-b}\nc', 'a\nb\nc'],
  ])('is put in: %j', (text, expected) => {
    expect(run(text)).toMatchObject({ result: expected, errors: [] });
  });

  it.each([
    ['${A.b}', 'invalid interpolation format'],
    ['${}', 'invalid interpolation format'],
    ['${A', 'invalid interpolation format'],
    ['${A:-x', 'invalid interpolation format'],
    ['${5}', 'invalid interpolation format'],
    ['${NO:?is needed for $A}', 'required variable NO is missing a value: is needed for a'],
    ['${EMPTY:?}', 'required variable EMPTY is missing a value'],
    ['${NO?}', 'required variable NO is missing a value'],
  ])('is refused: %s', (text, message) => {
    expect(run(text).errors).toEqual([expect.stringContaining(message)]);
  });

  it('that is not set and has no default is reported', () => {
    expect(run('$NO ${NO2} ${NO3:-x} $EMPTY').unset).toEqual(['NO', 'NO2']);
  });
});
