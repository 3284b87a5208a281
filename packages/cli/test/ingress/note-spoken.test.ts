import { expect, it } from 'vitest';
import { noteSpoken } from '../../src/ingress/note-spoken.ts';
import type { IngressPort } from '../../src/model/ingress.ts';

const noted = (port: IngressPort, http: number, bytes: number, answered: boolean) =>
  noteSpoken([port], new Map([[port.port, { http, bytes, answered }]]))[0];

it('knows that a replica listens on a port once one has answered there', () => {
  const port: IngressPort = { port: 3000, mode: 'auto', unseen: true };
  expect(noted(port, 5, 0, true)).toEqual({ port: 3000, mode: 'auto', seen: 'http' });
  expect(noted(port, 0, 5, true)).toEqual({ port: 3000, mode: 'auto', seen: 'tcp' });
  expect(noted({ port: 3000, mode: 'http', unseen: true }, 5, 0, true)).toEqual({ port: 3000, mode: 'http' });
});

it('does not know it by requests that nobody answered', () => {
  const port: IngressPort = { port: 3000, mode: 'auto', unseen: true };
  expect(noted(port, 5, 0, false)).toEqual({ port: 3000, mode: 'auto', unseen: true, seen: 'http' });
  expect(noteSpoken([port], new Map())).toEqual([port]);
});
