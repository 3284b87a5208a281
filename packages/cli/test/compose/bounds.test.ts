// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Compose files, not of this program
import { describe, expect, it } from 'vitest';
import { loadFrom, problemLines } from './load-from.ts';

const repeat = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

const BOMB = `x-a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghijk']
  .map((letter, index) => `x-${letter}: &${letter} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(', ')}]\n`)
  .join('')}services: {a: {image: x}}\n`;

describe('a hostile file', () => {
  it.each([
    ['an alias bomb', BOMB, 'aliases expand to too many values'],
    ['an anchor that contains itself', 'services: &s {a: *s}', 'the anchor "s" contains itself'],
    ['a merge key that contains itself', 'services: &s\n  <<: *s\n  a: {image: x}', 'the anchor "s" contains itself'],
    ['brackets that are nested', `x-a: ${'['.repeat(100_000)}`, 'nested too deeply'],
    ['what is not text', 'services:\0\0\0', 'not a text file'],
    ['mappings that are nested', repeat(400, (i) => `${' '.repeat(i)}a:\n`), 'nested too deeply'],
    [
      'variables that are nested',
      `services: {a: {image: "${'${A:-'.repeat(9000)}${'}'.repeat(9000)}"}}`,
      'nested too deeply',
    ],
    ['braces without an end', `services: {a: {image: "${'${'.repeat(100_000)}"}}`, 'invalid interpolation format'],
    ['more than can be read', repeat(60_000, (i) => `x-${i}: {a: [b, c]}\n`), 'too large for a Compose file'],
    ['binary noise', repeat(100_000, (i) => String.fromCharCode((i * 7919) % 256)), ''],
    [
      'more ports than there are',
      `services: {a: {image: x, ports: [${repeat(100, (i) => `"127.0.0.${i}:1-65535:1-65535",`)}]}}`,
      'more than 131072 ports are published',
    ],
    ['a list', '- a\n- b', 'expected a map such as "services:", got'],
    ['a text', 'hello', 'expected a map such as "services:", got'],
    ['an unknown alias', 'services: {a: *nobody}', 'nobody'],
  ])('is refused: %s', async (_, text, message) => {
    const loaded = await loadFrom(text);
    expect(problemLines(loaded).join('\n')).toContain(message);
    expect(loaded.problems).not.toEqual([]);
  });

  it.each([
    ['a comment of 10 MB', `#${'x'.repeat(10_000_000)}\nservices: {a: {image: x}}`],
    ['10 MB of comments', `${'# a line of a comment that says little\n'.repeat(250_000)}services: {a: {image: x}}`],
    [
      '5,000 aliases',
      `${repeat(5000, (i) => `x-${i}: &a${i} {a: b}\n`)}x-all: [${repeat(5000, (i) => `*a${i},`)}]\nservices: {a: {image: x}}`,
    ],
    ['100,000 variables in a line', `services: {a: {image: x, hostname: "${'$A '.repeat(100_000)}\${A:-x}"}}`],
    [
      'a service that extends 500 others',
      `services:\n${repeat(500, (i) => `  s${i}: {extends: s${i + 1}}\n`)}  s500: {image: x}\n`,
    ],
    ['every port there is', 'services: {a: {image: x, ports: ["1-65535:1-65535"]}}'],
  ])('is read: %s', async (_, text) => {
    expect(problemLines(await loadFrom(text))).toEqual([]);
  });

  it('is read with a thousand services', async () => {
    const services = repeat(
      1000,
      (i) =>
        `  s${i}:\n    image: "x:\${V:-1}"\n    ports: ["${10_000 + i}:80"]\n    volumes: ["./a:/a"]\n    environment: {A: b}\n`,
    );
    const { config, problems } = await loadFrom(`services:\n${services}`);
    expect(problems).toEqual([]);
    expect(Object.keys(config.services)).toHaveLength(1000);
  });

  it('gives a thousand problems, each with its line', async () => {
    const loaded = await loadFrom(`services:\n${repeat(1000, (i) => `  s${i}: {image: x, prots: []}\n`)}`);
    expect(loaded.problems).toHaveLength(1000);
    expect(loaded.problems.at(-1)).toMatchObject({ path: 'services.s999.prots', line: 1001 });
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])('may call things %s', async (name) => {
    const { config, problems } = await loadFrom(
      `services:\n  ${name}: {image: x, environment: {${name}: a}, labels: {${name}: b}, depends_on: [other]}\n  other: {image: "x$${name}"}\n`,
      { env: {} },
    );
    expect(problems).toEqual([]);
    expect(Object.entries(config.services[name]?.environment ?? {})).toEqual([[name, 'a']]);
    expect(config.services.other?.image).toBe('x');
  });

  it('cannot change the program’s objects with __proto__', async () => {
    await loadFrom(
      '__proto__: {polluted: yes}\nservices: {__proto__: {image: x}, a: {image: x, labels: {__proto__: {polluted: yes}}}}',
    );
    expect({}).not.toHaveProperty('polluted');
  });

  const WRONG = ['5', 'true', 'text', '[]', '[1]', '{}', '{a: 1}', '[[1]]', '[{a: b}]', '~', '1.5', '""'];
  const KEYS =
    'annotations attach build blkio_config cap_add command configs container_name credential_spec depends_on deploy develop devices dns entrypoint env_file environment expose extends extra_hosts gpus healthcheck hostname image init label_file labels links logging mem_limit models network_mode networks pids_limit ports post_start profiles provider pull_policy scale secrets stop_grace_period sysctls tmpfs ulimits user volumes volumes_from'.split(
      ' ',
    );

  it.each(KEYS)('never crashes lobbie, whatever the value of %s', async (key) => {
    for (const value of WRONG) {
      for (const text of [
        `services: {a: {image: x, ${key}: ${value}}}`,
        `services: {a: {extends: b, ${key}: ${value}}, b: {image: x, ${key}: {c: d}}}`,
      ]) {
        const { config } = await loadFrom(text);
        expect(config).toBeTypeOf('object');
      }
    }
  });

  it.each(['services', 'networks', 'volumes', 'secrets', 'configs', 'name', 'version', 'include', 'x-lobbie'])(
    'never makes the reading crash, whatever it says of %s at the top',
    async (key) => {
      for (const value of [...WRONG, '{a: 5}', '{a: [1]}', '{a: ~}', '{a: {}}']) {
        const { config } = await loadFrom(`${key}: ${value}\n${key === 'services' ? '' : 'services: {a: {image: x}}'}`);
        expect(config).toBeTypeOf('object');
      }
    },
  );
});
