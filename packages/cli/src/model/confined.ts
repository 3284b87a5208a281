import type { ContainerSettings } from './container-settings.ts';

const MIB = 1024 ** 2;

/**
 * Settings for lobbie's own containers that run one small program: no capabilities, nothing to write to, little memory.
 */
export const CONFINED = {
  capDrop: ['ALL'],
  securityOpt: ['no-new-privileges'],
  readOnly: true,
  pidsLimit: 64,
  memoryBytes: 64 * MIB,
} as const satisfies ContainerSettings;
