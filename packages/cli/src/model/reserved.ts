/** Labels with this prefix belong to lobbie. */
const PREFIX = 'dev.lobbie.';

/** The project, on images that lobbie builds. lobbie only writes it. */
export const IMAGE_LABEL = 'dev.lobbie.image';

/** Labels that an image may have: they mean nothing on containers that inherit them. */
const HARMLESS: readonly string[] = [
  IMAGE_LABEL,
  // On the base images that the repository's first run makes if nothing can be pulled.
  'dev.lobbie.standin',
];

/** Whether only lobbie may set a label. */
export const isReservedLabel = (label: string): boolean => label.startsWith(PREFIX);

/**
 * Labels of an image that make a container look like one of lobbie's.
 *
 * @param labels the labels of the image
 */
export function posingLabels(labels: Readonly<Record<string, string>>): string[] {
  // Older versions of lobbie put these labels on images they built. No container has that role.
  const ofOlder = labels['dev.lobbie.role'] === 'image' ? ['dev.lobbie.role', 'dev.lobbie.project'] : [];
  return Object.keys(labels)
    .filter((label) => isReservedLabel(label) && ![...HARMLESS, ...ofOlder].includes(label))
    .toSorted();
}

/** Whether an image has one of lobbie's own names, `lobbie-ingress` or `lobbie-keeper`. */
export const isReservedImage = (reference: string): boolean =>
  /^(?:(?:index\.)?docker\.io\/)?(?:library\/)?lobbie-(?:ingress|keeper)(?:$|[:@])/.test(reference);

/** Whether a volume has the name of a ledger or of a container's secrets, in any project. */
export const isReservedVolume = (name: string): boolean => /_lobbie-(?:ledger|files)$/.test(name);

/** Whether a container has the name of the keeper, the lease or an errand of any project. */
export const isReservedContainer = (name: string): boolean => /-lobbie-(?:keeper|lease|errand-[^-]*)$/.test(name);
