import { describe, expect, it } from 'vitest';
import { preferredType } from '../../src/service/preferred-type.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('preferredType', () => {
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['image/png', 'application/json'],
    ['text/*', 'text/html'],
    ['TEXT/HTML', 'text/html'],
    ['text/html, application/json', 'application/json'],
    ['text/html;q=0.4, application/json;q=0.5', 'application/json'],
    ['text/html;q=0.5, application/json;q=0.4', 'text/html'],
    ['application/json;q=0, */*', 'text/html'],
    ['application/json;q=high, text/html;q=0.1', 'text/html'],
    [BROWSER, 'text/html'],
  ])('takes %j for %s', (accept, type) => {
    expect(preferredType(accept, ['application/json', 'text/html'])).toBe(type);
  });
});
