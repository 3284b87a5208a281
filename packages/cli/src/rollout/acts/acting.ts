import type { Project } from '../../model/project.ts';
import type { FilesFound } from '../files/service-files.ts';
import type { GateEvents } from '../gate/gate-events.ts';
import type { GateFound } from '../gate/gate-targets.ts';
import type { GivenUnderLease } from '../given/given.ts';
import { newAddressBook } from '../ingresses/fix-addresses.ts';
import type { IngressesFound } from '../ingresses/ingresses-found.ts';
import type { AnswerCount } from '../record/answer-count.ts';

/** What a rollout finds out while acting. Each room adds its part. These are the only values that change. */
export type Found = IngressesFound & GateFound & FilesFound;

/** The state at the beginning: nothing found yet. */
export const newFound = (project: Project): Found => ({
  sessions: new Map(),
  told: new Map(),
  carried: new Map(),
  made: new Map(),
  withdrawn: new Set(),
  addresses: newAddressBook(project),
  near: new Map(),
  furtherPorts: new Map(),
  settledFiles: new Map(),
});

/** The context of acts: what the rollout is given, and what it finds out. */
export interface Acting extends GivenUnderLease, Found {
  readonly gateEvents: GateEvents;
  /** The counts of the rollout while it runs; absent during an undo. */
  readonly answers?: AnswerCount;
}
