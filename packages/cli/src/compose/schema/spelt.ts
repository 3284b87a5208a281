import { z } from 'zod/mini';
import { portRange } from './formats.ts';
import { forEngine } from './forms.ts';
import { expecting } from './key-doc.ts';

/** Text in a special format. `fault` returns what is wrong with it, or undefined. */
export const spelt = (expected: string, fault: (value: string) => string | undefined) =>
  expecting(
    z.string().check((context) => {
      const because = fault(context.value);
      if (because === undefined) return;
      context.issues.push({ code: 'custom', input: context.value, params: { expected, because } });
    }),
    expected,
  );

/** A container port as a number without a protocol. */
export const portNumber = () =>
  expecting(
    z.number().check(
      z.refine((value) => Number.isInteger(value) && value >= 1 && value <= 65_535, {
        params: { expected: 'a port from 1 to 65535' },
      }),
    ),
    'a port',
  );

const EXPOSED = 'a port such as 3000';

/**
 * A port for other services, or a range of ports, with an optional protocol. Empty text, such as an unset variable,
 * means none.
 */
export const exposed = () =>
  expecting(
    z
      .custom<string | number>(
        (value) => typeof value === 'string' || typeof value === 'bigint' || Number.isInteger(value),
      )
      .check(forEngine(EXPOSED, (value) => value === '' || isExposed(String(value)))),
    EXPOSED,
  );

const isExposed = (text: string): boolean => {
  const [ports = '', protocol = 'tcp', ...more] = text.split('/');
  return more.length === 0 && /^(tcp|udp|sctp)$/i.test(protocol) && portRange(ports) !== undefined;
};
