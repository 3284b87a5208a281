import { describe, expect, it } from 'vitest';
import type { Ingress } from '../../src/ingress/ingress.ts';
import type { IngressState } from '../../src/model/ingress.ts';
import type { Step } from '../../src/model/plan.ts';
import type { RolloutContext } from '../../src/rollout/context.ts';
import { settlePorts } from '../../src/rollout/settle-ports.ts';
import { aProject, aWebService } from './a-service.ts';
import { httpAnswer, scriptedEngine } from './scripted-engine.ts';

const STATE: IngressState = {
  service: 'web',
  ports: [
    { port: 3000, mode: 'tcp', guess: true },
    { port: 9000, mode: 'http' },
  ],
  holdTimeoutMs: 1,
  drainTimeoutMs: 1,
  clientTimeoutMs: 1,
  serverTimeoutMs: 1,
  slots: [],
};

/** What the ingress is told to listen on, after a replica answered so on its ports. */
async function settled(answers: Record<number, string>, ports: readonly number[]): Promise<IngressState['ports']> {
  const engine = scriptedEngine();
  engine.images.set('i', {});
  engine.answerOf = (_spec, port) => answers[port];
  await engine.createNetwork({ name: 'p_default', labels: {} });
  const networks = [{ name: 'p_default', aliases: [] }];
  const labels = {
    'dev.lobbie.project': 'p',
    'dev.lobbie.role': 'ingress',
    'dev.lobbie.service': 'web',
    'dev.lobbie.release': 'r',
  };
  await engine.startContainer(
    await engine.createContainer({ name: 'p-web-ingress-r', image: 'i', labels: {}, networks }),
  );
  await engine.startContainer(await engine.createContainer({ name: 'c', image: 'i', labels: {}, networks }));
  let told = STATE;
  const ingress = {
    get state() {
      return told;
    },
    configure: async (state: IngressState) => {
      told = state;
    },
  } as Ingress;
  const context = {
    engine: {
      ...engine,
      listContainers: async () => [{ ...(await engine.inspectContainer('p-web-ingress-r')), labels }],
    },
    project: aProject([aWebService('web', 8080)]),
    sessions: new Map([['web', Promise.resolve(ingress)]]),
    // As far as it is asked for.
  } as unknown as RolloutContext;
  const step: Extract<Step, { kind: 'settle-ports' }> = {
    kind: 'settle-ports',
    service: 'web',
    replica: { service: 'web', index: 1 },
    container: 'c',
    ports,
    previous: STATE,
    reason: '',
  };
  await settlePorts(context, step);
  return told.ports;
}

describe('settlePorts', () => {
  it('listens in HTTP where that is answered, else in TCP, and leaves out what is closed', async () => {
    const answers = { 3000: httpAnswer('{}'), 5432: 'E', 7000: 'SSH-2.0-x\r\n' };
    expect(await settled(answers, [3000, 5432, 6000, 7000])).toEqual([
      { port: 3000, mode: 'http' },
      { port: 5432, mode: 'tcp' },
      { port: 7000, mode: 'tcp' },
      { port: 9000, mode: 'http' },
    ]);
  });

  it('remembers of a published port that it is closed, for another time', async () => {
    expect(await settled({}, [3000, 6000])).toEqual([
      { port: 3000, mode: 'tcp', guess: true, closed: true },
      { port: 9000, mode: 'http' },
    ]);
  });
});
