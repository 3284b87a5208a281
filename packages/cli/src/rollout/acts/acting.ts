import type { Project } from '../../model/project.ts';
import type { FilesFound } from '../files/service-files.ts';
import type { GateEvents } from '../gate/gate-events.ts';
import type { GateFound } from '../gate/gate-targets.ts';
import type { GivenUnderLease } from '../given/given.ts';
import { newAddressBook } from '../ingresses/fix-addresses.ts';
import type { IngressesFound } from '../ingresses/ingresses-found.ts';
import type { AnswerCount } from '../record/answer-count.ts';

/** What a rollout finds out on its way; each room says what it adds. The only values that change while acting. */
export type Found = IngressesFound & GateFound & FilesFound;

/** At the beginning nothing is found out. */
export const newFound = (project: Project): Found => ({
  sessions: new Map(),
  told: new Map(),
  carried: new Map(),
  made: new Map(),
  withdrawn: new Set(),
  addresses: newAddressBook(project),
  near: new Map(),
  settledFiles: new Map(),
});

/** Everything that acts work with: what the rollout is given, and what it finds out. */
export interface Acting extends GivenUnderLease, Found {
  readonly gateEvents: GateEvents;
  /** Of the rollout, while it is carried out; absent while it is undone. */
  readonly answers?: AnswerCount;
}
