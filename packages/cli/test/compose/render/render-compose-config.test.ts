import { describe, expect, it } from 'vitest';
import { renderComposeConfig } from '../../../src/compose/render/render-compose-config.ts';
import { loadFrom } from '../load-from.ts';

const FILE = `
name: shop
x-note: {b: 1, a: [1.5]}
services:
  web:
    image: web:1
    x-own: {y: 1}
    environment: {ONE: "1", TEXT: "a: b", LINES: "one\\ntwo\\n", DOLLAR: "a$$b", YES: "yes", EMPTY: "", BARE: }
    command: [sh, -c, "true"]
    ports: ["80:80"]
    deploy: {replicas: 2}
    labels: {a10: x, a9: y}
`;

describe('a config as text', () => {
  it('looks like that of docker compose in YAML', async () => {
    const { config } = await loadFrom(FILE);
    expect(renderComposeConfig(config, 'yaml')).toBe(`name: shop
services:
  web:
    command:
      - sh
      - -c
      - "true"
    deploy:
      replicas: 2
    environment:
      BARE: null
      DOLLAR: a$$b
      EMPTY: ""
      LINES: |
        one
        two
      ONE: "1"
      TEXT: 'a: b'
      "YES": "yes"
    image: web:1
    labels:
      a9: "y"
      a10: x
    networks:
      default: null
    ports:
      - mode: ingress
        target: 80
        published: "80"
        protocol: tcp
    x-own:
      "y": 1
networks:
  default:
    name: shop_default
x-note:
  a:
    - 1.5
  b: 1
`);
  });

  it('has no extensions of services in JSON, and what is unsaid of a command', async () => {
    const { config } = await loadFrom(FILE);
    const printed: unknown = JSON.parse(renderComposeConfig(config, 'json'));
    expect(printed).toMatchObject({
      services: {
        web: { entrypoint: null, environment: { DOLLAR: 'a$$b' }, deploy: { resources: {}, placement: {} } },
      },
      'x-note': { b: 1 },
    });
    expect(printed).not.toHaveProperty('services.web.x-own');
  });

  it('marks keys that are long or go over lines', async () => {
    const long = 'k'.repeat(129);
    const { config } = await loadFrom(`services: {a: {image: a, x-own: {"${long}": {b: c}, "d\\ne": [f, g]}}}\n`);
    const text = renderComposeConfig(config, 'yaml');
    expect(text).toContain(`\n      ? ${long}\n      : b: c\n`);
    expect(text).toContain('\n      ? |-\n        d\n        e\n      : - f\n        - g\n');
  });

  it('quotes text for spaces around it, not for others', async () => {
    const { config } = await loadFrom('services: {a: {image: a, labels: {a: "b\u00a0", c: " d", e: _1}}}\n');
    expect(renderComposeConfig(config, 'yaml')).toContain("      a: b\u00a0\n      c: ' d'\n      e: _1\n");
  });

  it('has models in YAML only', async () => {
    const { config } = await loadFrom(`services: {a: {image: a, models: [m]}}
models: {m: {model: ai/m, context_size: 1024}, unused: {model: ai/other}}
`);
    expect(renderComposeConfig(config, 'yaml')).toContain('models:\n  m:\n    model: ai/m\n    context_size: 1024\n');
    expect(renderComposeConfig(config, 'yaml')).not.toContain('unused');
    expect(JSON.parse(renderComposeConfig(config, 'json'))).not.toHaveProperty('models');
  });

  it('keeps extensions that say nothing', async () => {
    const { config } = await loadFrom('services: {a: {image: a, networks: [n]}}\nnetworks: {n: {x-none: }}\n');
    expect(renderComposeConfig(config, 'yaml')).toContain('  "n":\n    name: app_n\n    x-none: null\n');
  });

  it('means the same when it is read again', async () => {
    const { config } = await loadFrom(FILE);
    const again = await loadFrom(renderComposeConfig(config, 'yaml'));
    expect(again.problems).toEqual([]);
    expect(again.config).toEqual(config);
  });
});
