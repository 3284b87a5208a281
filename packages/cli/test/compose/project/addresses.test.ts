import { describe, expect, it } from 'vitest';
import { asksForEach, findAddress } from '../../../src/compose/project/addresses.ts';

describe('findAddress', () => {
  it.each<[string, number[]]>([
    ['db', []],
    [' db\n', []],
    ['db:5432', [5432]],
    ['postgres://user:pass@db/app', []],
    ['postgres://user:pass@db:5432/app', [5432]],
    ['http://db/', []],
    ['"http://db"', []],
    ['host=db port=5432', []],
    ['host: "db"', []],
    ['{"hostname":"db"}', []],
    ['DB_HOST = db', []],
    ['a:1,db:2,c:3', [2]],
    ['targets: ["db:9090", "db:9091"]', [9090, 9091]],
    ['upstream x { server db:3000; server db:3001; }', [3000, 3001]],
    ['upstream x { server db; }', []],
    ['--url=http://db:80/path', [80]],
    ['wait-for-it db:80 -- start', [80]],
  ])('finds the host db in %j', (text, ports) => {
    expect(findAddress(text, 'db')).toEqual({ ports });
  });

  it.each([
    '',
    'mydb:5432',
    'db-1:5432',
    'db.example:5432',
    'x.db:5432',
    'http://db2/',
    'http://dbs/',
    'the db is down',
    'db: {}',
    'db:',
    'db:http',
    'MODE=db-only',
    'db:99999',
    '/srv/db:/data',
  ])('finds none in %j', (text) => {
    expect(findAddress(text, 'db')).toBeUndefined();
  });
});

describe('asksForEach', () => {
  it.each([
    "- job_name: app\n  dns_sd_configs:\n    - names: ['app']\n      type: A\n      port: 3000",
    'dns_sd_configs: [{names: [app], type: A, port: 3000}]',
    'dns:///app:50051',
    '--target=dns://app',
  ])('sees it in %j', (text) => {
    expect(asksForEach(text, 'app')).toBe(true);
  });

  it.each([
    "static_configs: [{targets: ['app:3000']}]",
    'dns_sd_configs: [{names: [tasks.app]}]',
    'dns_sd_configs: [{names: [other]}]',
    'dns:///tasks.app:50051',
    'dns:///app-2:50051',
    'http://app:3000',
  ])('sees none in %j', (text) => {
    expect(asksForEach(text, 'app')).toBe(false);
  });
});
