import type { Engine } from '../model/engine.ts';
import type { Connection } from './connection.ts';
import * as containers from './containers.ts';
import { createContainer } from './create-container.ts';
import type { HostEnvironment } from './docker-config.ts';
import { events } from './events.ts';
import { exec, openExec } from './exec.ts';
import * as files from './files.ts';
import * as imageArchive from './image-archive.ts';
import * as images from './images.ts';
import { info } from './info.ts';
import { logs } from './logs.ts';
import * as networks from './networks.ts';
import { stats } from './stats.ts';
import * as volumes from './volumes.ts';
import { waitContainer } from './wait-container.ts';

/** The interface `Engine` over one connection. */
export function dockerEngine(connection: Connection, surroundings: HostEnvironment, close: () => void): Engine {
  const { url, chosenBy, local } = connection.endpoint;
  return {
    endpoint: { url, chosenBy, local },
    info: () => info(connection),

    listContainers: (labels) => containers.listContainers(connection, labels),
    listAllContainers: () => containers.listContainers(connection, {}),
    inspectContainer: (container) => containers.inspectContainer(connection, container),
    createContainer: (spec, warn) => createContainer(connection, spec, warn),
    startContainer: (container) => containers.startContainer(connection, container),
    stopContainer: (container, timeoutMs) => containers.stopContainer(connection, container, timeoutMs),
    waitContainer: (container, signal) => waitContainer(connection, container, signal),
    setRestartPolicy: (container, restart) => containers.setRestartPolicy(connection, container, restart),
    renameContainer: (container, name) => containers.renameContainer(connection, container, name),
    removeContainer: (container, options) => containers.removeContainer(connection, container, options),

    exec: (container, argv, options) => exec(connection, container, argv, options),
    openExec: (container, argv, heard) => openExec(connection, container, argv, heard),
    attach: (container) => containers.attach(connection, container),

    readFiles: (container, path, limits) => files.readFiles(connection, container, path, limits),
    statFile: (container, path) => files.statFile(connection, container, path),
    writeFiles: (container, directory, entries) => files.writeFiles(connection, container, directory, entries),

    logs: (container, options) => logs(connection, container, options),
    stats: (container) => stats(connection, container),
    events: (labels, signal) => events(connection, labels, signal),

    inspectImage: (reference) => images.inspectImage(connection, reference),
    // Loaded when needed: pulls and builds are rare, and their modules take long to load.
    pullImage: async (reference, onProgress, signal, platform) => {
      const { pullImage } = await import('./pull-image.ts');
      await pullImage(connection, surroundings, { reference, platform }, onProgress, signal);
    },
    buildImage: async (build, onProgress, signal) => {
      const { buildImage } = await import('./build-image.ts');
      await buildImage(connection, build, onProgress, signal);
    },
    importEmptyImage: (reference) => images.importEmptyImage(connection, reference),
    removeImage: (reference) => images.removeImage(connection, reference),
    tagImage: (image, reference) => images.tagImage(connection, image, reference),
    saveImage: (reference, signal) => imageArchive.saveImage(connection, reference, signal),
    loadImage: (tar, signal) => imageArchive.loadImage(connection, tar, signal),

    inspectNetwork: (name) => networks.inspectNetwork(connection, name),
    listNetworks: (labels) => networks.listNetworks(connection, labels),
    createNetwork: (network) => networks.createNetwork(connection, network),
    removeNetwork: (name) => networks.removeNetwork(connection, name),

    listVolumes: (labels) => volumes.listVolumes(connection, labels),
    inspectVolume: (name) => volumes.inspectVolume(connection, name),
    createVolume: (volume) => volumes.createVolume(connection, volume),
    removeVolume: (name) => volumes.removeVolume(connection, name),

    close,
  };
}
