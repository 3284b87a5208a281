import { afterAll } from 'vitest';
import { containersContract } from './containers.ts';
import { filesContract } from './files.ts';
import { networksContract } from './networks.ts';
import { streamsContract } from './streams.ts';
import type { Subject } from './subject.ts';
import { volumesContract } from './volumes.ts';

/**
 * What lobbie relies on, of any engine. The real one and the scripted one pass the same cases, so a test on the
 * scripted one shows what a real one does.
 */
export function engineContract(subject: Subject): void {
  containersContract(subject);
  networksContract(subject);
  volumesContract(subject);
  streamsContract(subject);
  filesContract(subject);

  afterAll(async () => {
    const { engine, labels, name } = subject;
    for (const { id } of await engine.listContainers(labels)) await engine.removeContainer(id, { force: true });
    for (const network of await engine.listNetworks(labels)) await engine.removeNetwork(network.name);
    const volumes = (await engine.listVolumes({})).filter((volume) => volume.name.startsWith(name('')));
    for (const volume of volumes) await engine.removeVolume(volume.name);
  });
}
