import { LobbieError } from '../model/errors.ts';
import { type Origin, originWords } from '../model/origin.ts';
import type { Project } from '../model/project.ts';
import type { LedgerState } from '../model/release.ts';
import type { CommandContext } from './context.ts';
import { otherOrigin, resolved } from './deploy-origin.ts';

/** What the command line has agreed to beforehand. */
export interface Agreed {
  /** `--take-over`, `--yes` */
  readonly takeOver: boolean;
  /** `--move-history` */
  readonly moveHistory: boolean;
}

export interface Intended {
  /** As it will be deployed. */
  readonly project: Project;
  readonly state: LedgerState;
  readonly here: Origin;
  /** Whether the engine's directories are this machine's. */
  readonly local: boolean;
  /** `lobbie deploy`, `lobbie deploy --demo` */
  readonly command: string;
}

/** What a deploy does not do silently, a sentence each: for its plan. */
export async function openQuestions(intended: Intended): Promise<string[]> {
  const { project, state, here } = intended;
  const other = await otherOrigin(state, here);
  return [
    ...(other === undefined ? [] : [takesOver(project.name, other, here)]),
    ...((await movesHistory(intended)) ? [changesHistory(project, state)] : []),
  ];
}

/**
 * Makes sure that the user wants to take a project over that was deployed from another place, and that a history moves
 * only when told to. Asks at a terminal about the first.
 *
 * @throws LobbieError `OTHER_ORIGIN`, `HISTORY_MOVED`, before anything has changed
 */
export async function consent(context: CommandContext, intended: Intended, agreed: Agreed): Promise<void> {
  const { project, state, here } = intended;
  const other = await otherOrigin(state, here);
  const taking = other && takesOver(project.name, other, here);
  const moving = !agreed.moveHistory && (await movesHistory(intended)) ? changesHistory(project, state) : undefined;
  const isOpen = taking !== undefined && !agreed.takeOver;
  // Who has to add an option anyway need not answer a question first.
  if (moving !== undefined || (isOpen && context.confirm === undefined))
    throw refusal(intended, isOpen ? taking : undefined, moving);
  if (taking === undefined) return;
  if (isOpen && !(await context.confirm?.(`${taking} Take it over?`))) throw refusal(intended, taking, undefined);
  context.report({ type: 'warning', timeMs: context.clock.now(), message: `${taking} It is taken over.` });
}

async function movesHistory({ project: { history }, state, local }: Intended): Promise<boolean> {
  if (history === undefined || state.history === null || state.history === history.source) return false;
  // Two paths may lead to one directory.
  return !local || (await resolved(state.history)) !== (await resolved(history.source));
}

const takesOver = (name: string, other: Origin, here: Origin): string =>
  `Project ${name} was last deployed from ${originWords(other)}; this is ${originWords(here)}.`;

const changesHistory = ({ name, history }: Project, state: LedgerState): string =>
  `The history of project ${name} is kept in ${state.history}; this deploy would keep it in ${history?.source}.`;

function refusal({ state, command }: Intended, taking: string | undefined, moving: string | undefined): LobbieError {
  const options = [...(taking ? ['--take-over'] : []), ...(moving ? ['--move-history'] : [])].join(' ');
  const what = taking === undefined ? 'To move the history with all its entries' : 'To take it over';
  const hints = [
    'Nothing was changed.',
    `${what}: ${command} ${options}`,
    ...(moving === undefined ? [] : [`To leave the history where it is: x-lobbie.history: ${state.history}`]),
  ];
  const [message = '', ...details] = [taking, moving].filter((one) => one !== undefined);
  return new LobbieError(taking === undefined ? 'HISTORY_MOVED' : 'OTHER_ORIGIN', message, {
    details,
    hint: hints.join('\n'),
  });
}
