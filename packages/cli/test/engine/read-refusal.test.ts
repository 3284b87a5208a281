import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/engine/engine-error.ts';
import { pullFailure } from '../../src/engine/pull-failure.ts';
import { LobbieError, reworded } from '../../src/model/errors.ts';

const factsOf = (words: string) => refusal(words, 'start container "web-1"').facts;

describe('the facts of a refusal', () => {
  it.each([
    [
      'invalid mount config for type "bind": bind source path does not exist: /srv/old history',
      { reason: 'bind-source-missing', pathProblem: 'missing' },
    ],
    ['configured logging driver does not support reading', { reason: 'log-not-stored' }],
    ['network web is ambiguous (2 matches found on name)', { reason: 'name-ambiguous' }],
    ['removal of container 4f2c is already in progress', { reason: 'removal-in-progress' }],
    ['error mounting "/a" to rootfs at "/b": read-only file system', { pathProblem: 'read-only' }],
    ['mount /a onto a file', { pathProblem: 'other-kind' }],
  ])('say what %j is about', (words, facts) => expect(factsOf(words).refusal).toMatchObject(facts));

  it('say nothing that the words do not', () => {
    const { refusal: read } = factsOf('something else');
    expect(read).toEqual({ why: 'something else.', isLasting: false, paths: [] });
  });

  it.each([
    [
      'error mounting "/srv/a b.conf" to rootfs at "/data/x": open /merged/y: no',
      ['/srv/a b.conf', '/data/x', '/merged/y'],
    ],
    ['error mounting \\"/srv/a\\" to rootfs at \\"/b:c\\"', ['/srv/a', '/b:c']],
    ['crun: mount `/srv/a` to `/data/x`: Not a directory', ['/srv/a', '/data/x']],
    ['bind source path does not exist: /srv/no ne.', ['/srv/no ne']],
    ['pull access denied for ghcr.io/a/b, see http://x/y', []],
  ])('name the paths in %j', (words, paths) => expect(factsOf(words).refusal?.paths).toEqual(paths));

  it.each([
    ['Bind for 0.0.0.0:8080 failed: port is already allocated', 8080],
    ['Bind for fd00:1::5:8081 failed: port is already allocated', 8081],
    ['listen tcp4 0.0.0.0:8082: bind: address already in use', 8082],
    ['all ports are allocated', undefined],
  ])('name the port in %j', (words, port) => expect(factsOf(words).port?.published).toBe(port));

  it.each([
    ['exec: "socat": executable file not found in $PATH', true],
    ['No such container: 4f', true],
    ['container 4f is not running', false],
    ['no space left on device', false],
  ])('say whether it lasts: %j', (words, isLasting) => expect(factsOf(words).refusal?.isLasting).toBe(isLasting));

  it('name the image that cannot be pulled', () =>
    expect(pullFailure('node:24', 'no such host', false).facts).toEqual({ image: 'node:24' }));
});

describe('an error in other words', () => {
  it('keeps what it is, and every text that is not given', () => {
    const cause = new Error('cause');
    const error = new LobbieError('PORT_IN_USE', 'one', {
      hint: 'hint',
      details: ['detail'],
      facts: { port: { published: 80 } },
      cause,
    });
    expect(reworded(error, { message: 'two' })).toMatchObject({
      code: 'PORT_IN_USE',
      message: 'two',
      hint: 'hint',
      details: ['detail'],
      facts: { port: { published: 80 } },
      cause,
    });
    expect(reworded(error, { hint: 'other', details: [] })).toMatchObject({
      message: 'one',
      hint: 'other',
      details: [],
    });
  });
});
