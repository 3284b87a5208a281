import type { Healthcheck } from '../../model/service.ts';

/** Whether a healthcheck checks nothing. */
export const isOff = (check: Healthcheck | undefined): boolean => check?.test[0] === 'NONE' || check?.test.length === 0;
