import { mapWith } from './forms.ts';
import { imageKeys } from './image-keys.ts';
import { key } from './key-doc.ts';
import { lifecycleKeys } from './lifecycle-keys.ts';
import { networkKeys } from './network-keys.ts';
import { processKeys } from './process-keys.ts';
import { resourceKeys } from './resource-keys.ts';
import { securityKeys } from './security-keys.ts';
import { storageKeys } from './storage-keys.ts';
import { serviceExtension } from './x-lobbie.ts';

const extensionKeys = { 'x-lobbie': key(serviceExtension(), 'Settings for lobbie.') };

/** The keys of a service by topic, in the order of the reference page. */
export const serviceSections = [
  ['Image', imageKeys],
  ['Process', processKeys],
  ['Network', networkKeys],
  ['Storage', storageKeys],
  ['Life', lifecycleKeys],
  ['Resources', resourceKeys],
  ['Rights', securityKeys],
  ['x-lobbie', extensionKeys],
] as const;

/** One service as written. */
export const service = mapWith({
  ...imageKeys,
  ...processKeys,
  ...networkKeys,
  ...storageKeys,
  ...lifecycleKeys,
  ...resourceKeys,
  ...securityKeys,
  ...extensionKeys,
});
