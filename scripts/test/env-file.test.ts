import { describe, expect, it } from 'vitest';
import { mergeEnvFile, readEnvFile } from '../env-file.ts';

describe('mergeEnvFile', () => {
  it('keeps comments, blank lines and foreign variables where they stand', () => {
    const text = '# mine\nA=1\n\nLOBBIE_NODE_IMAGE=old\nB=2\n';
    expect(mergeEnvFile(text, { LOBBIE_NODE_IMAGE: 'new' })).toBe('# mine\nA=1\n\nLOBBIE_NODE_IMAGE=new\nB=2\n');
  });

  it('starts a file, and ends a last line that had no end', () => {
    expect(mergeEnvFile('', { A: '1', B: '2' })).toBe('A=1\nB=2\n');
    expect(mergeEnvFile('A=1', { B: '2' })).toBe('A=1\nB=2\n');
  });

  it('leaves one line of a variable that stood there twice', () => {
    expect(mergeEnvFile('A=1\nexport A=2\n', { A: '3' })).toBe('A=3\n');
  });

  it('does not take a variable for a longer one or a comment for a variable', () => {
    expect(mergeEnvFile('AB=1\n#A=2\n', { A: '3' })).toBe('AB=1\n#A=2\nA=3\n');
  });

  it('changes nothing when applied twice', () => {
    const once = mergeEnvFile('# x\nB=1\n', { A: '1' });
    expect(mergeEnvFile(once, { A: '1' })).toBe(once);
  });
});

describe('readEnvFile', () => {
  it('reads names, quoted values and exports, and lets the last line win', () => {
    expect(readEnvFile('# A=0\nA=1\nexport B = "two words"\nA=3\nnonsense\n')).toEqual({ A: '3', B: 'two words' });
  });
});
