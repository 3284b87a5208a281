/** Slots of an ingress: room for every replica and its successor at the same time, and at least 16. */
export const slotCount = (replicas: number): number => Math.max(16, 2 * replicas);
