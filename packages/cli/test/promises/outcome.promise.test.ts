import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lastJson, type Run } from '../cli/run-lobbie.ts';
import { type TestPlace, testPlace } from '../cli/test-place.ts';
import { describeEngine } from '../engine-available.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';
import { webUrl } from '../web-url.ts';

/** A server of one line; `version` is what it answers, and a broken one ends at once. */
function writeCompose({ path }: TestPlace, version: string): void {
  const script =
    version === 'broken'
      ? 'process.exit(3)'
      : `require("node:http").createServer((q, r) => r.end("${version}")).listen(3000)`;
  const web = {
    image: NODE_IMAGE,
    init: true,
    command: ['node', '-e', script],
    ports: ['3000'],
    deploy: { update_config: { order: 'start-first', monitor: '1s' } },
  };
  writeFileSync(join(path, 'compose.yaml'), JSON.stringify({ services: { web } }));
}

const told = (run: Run): unknown[] => {
  const { type, outcome, code, error } = lastJson(run) as Record<string, unknown> & { error?: { code: string } };
  return [run.exit, type === 'error' ? code : outcome, ...(error ? [error.code] : [])];
};

describeEngine('the exit status and the last line of --json', (engine) => {
  it('tell what came of a command', async () => {
    await using place = testPlace(engine);
    writeCompose(place, 'one');
    const first = await place.lobbie('deploy --json');
    expect(told(first)).toEqual([0, 'deployed']);
    expect(told(await place.lobbie('deploy --json'))).toEqual([0, 'unchanged']);

    writeCompose(place, 'broken');
    expect(told(await place.lobbie('deploy --json'))).toEqual([5, 'failed-restored', 'GATE_FAILED']);
    const url = webUrl((lastJson(first).url as string[])[0]);
    expect(await (await fetch(url)).text()).toBe('one');

    // Whichever of two commands holds the lease, the other one does nothing.
    writeCompose(place, 'two');
    const holder = place.start('deploy --json');
    await holder.seen(/"type":"step-started"/);
    expect(told(await place.lobbie('recreate --json'))).toEqual([7, 'LEASE_TAKEN']);
    expect(told(await holder.ended)).toEqual([0, 'deployed']);

    writeCompose(place, 'three');
    const interrupted = place.start('deploy --json');
    await interrupted.seen(/"type":"step-started"[^\n]*"kind":"gate-replica"/);
    interrupted.child.kill('SIGINT');
    expect(told(await interrupted.ended)).toEqual([130, 'interrupted', 'INTERRUPTED']);
    expect(await (await fetch(url)).text()).toBe('two');

    writeFileSync(join(place.path, 'compose.yaml'), 'services: { web: { ports: [none] } }');
    expect(told(await place.lobbie('deploy --json'))).toEqual([3, 'INVALID_INPUT']);
    const nowhere = { DOCKER_HOST: `unix://${place.path}/none.sock` };
    expect(told(await place.lobbie('status --json', nowhere))).toEqual([4, 'ENGINE_UNREACHABLE']);
  });
});
