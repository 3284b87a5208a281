import { expect, it } from 'vitest';
import { movedKeys } from '../../../src/model/shown-to-proxies.ts';
import { warnOfExposed } from '../../../src/rollout/ingresses/warn-of-exposed.ts';
import { fakeClock } from '../../fake-clock.ts';
import { aService } from '../a-service.ts';
import { scriptedEngine } from '../scripted-engine.ts';

async function warningsFor(labels: Record<string, string>, imagePorts: number[]): Promise<string[]> {
  const engine = scriptedEngine();
  engine.images.set('mine:1', { exposedPorts: imagePorts });
  const told: string[] = [];
  await warnOfExposed(
    {
      engine,
      ingressImage: 'mine:1',
      clock: fakeClock(),
      report: (event) => void (event.type === 'warning' && told.push(event.message)),
    },
    'web',
    { exposed: [3000], isDiscovered: movedKeys(aService('web', { labels })).length > 0 },
  );
  return told;
}

it('warns of ports that the image of the ingresses exposes, where a proxy looks at them', async () => {
  expect(await warningsFor({ caddy: 'web.test' }, [3000, 8404])).toEqual([
    expect.stringMatching(/mine:1 exposes port 8404: .* port of web\./),
  ]);
  expect(await warningsFor({ caddy: 'web.test' }, [3000])).toEqual([]);
  expect(await warningsFor({}, [8404])).toEqual([]);
});
