const isLetter = (character: string): boolean => /\p{L}/u.test(character);
const isDigit = (character: string | undefined): boolean => character !== undefined && /\p{Nd}/u.test(character);

/**
 * The order of keys in the YAML of `docker compose config`: letters by code, numbers by value, letters after other
 * characters.
 */
export function compareKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  let afterDigit = false;
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (one === other) {
      afterDigit = isDigit(one);
      continue;
    }
    const isOneLetter = isLetter(one);
    const isOtherLetter = isLetter(other);
    if (isOneLetter && isOtherLetter) return one < other ? -1 : 1;
    if (isOneLetter || isOtherLetter) return isOneLetter === afterDigit ? -1 : 1;
    return compareNumbers(left, right, index) || (one < other ? -1 : 1);
  }
  return left.length - right.length;
}

/** A zero inside a number is an ordinary digit; a leading zero is not. */
function compareNumbers(left: readonly string[], right: readonly string[], index: number): number {
  const isWithin = left[index] === '0' || right[index] === '0' ? beginsBefore(left, index) : false;
  const [one, oneLength] = numberAt(left, index, isWithin);
  const [other, otherLength] = numberAt(right, index, isWithin);
  return one === other ? oneLength - otherLength : one < other ? -1 : 1;
}

function beginsBefore(characters: readonly string[], index: number): boolean {
  for (let before = index - 1; isDigit(characters[before]); before--) if (characters[before] !== '0') return true;
  return false;
}

function numberAt(characters: readonly string[], index: number, isWithin: boolean): [bigint, number] {
  let end = index;
  while (isDigit(characters[end])) end++;
  const digits = characters.slice(index, end).join('');
  return [BigInt(`${isWithin ? '1' : '0'}${/^[0-9]*$/.test(digits) ? digits : ''}`), end];
}
