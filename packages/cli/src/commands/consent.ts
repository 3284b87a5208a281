import { LobbieError } from '../model/errors.ts';
import { type Origin, originWords } from '../model/origin.ts';
import type { Project } from '../model/project.ts';
import type { LedgerState } from '../model/release.ts';
import type { CommandContext } from './context.ts';
import { otherOrigin, resolved } from './deploy-origin.ts';

/** What the options on the command line allow. */
export interface Agreed {
  /** `--take-over`, `--yes` */
  readonly takeOver: boolean;
  /** `--move-history` */
  readonly moveHistory: boolean;
}

export interface Intended {
  /** The project that will be deployed. */
  readonly project: Project;
  readonly state: LedgerState;
  readonly here: Origin;
  /** Whether the engine runs on this machine. */
  readonly local: boolean;
  /** `lobbie deploy`, `lobbie deploy --demo` */
  readonly command: string;
}

/** Sentences for the plan about changes that need the user's consent. */
export async function openQuestions(intended: Intended): Promise<string[]> {
  const { project, state, here } = intended;
  const other = await otherOrigin(state, here);
  return [
    ...(other === undefined ? [] : [takesOver(project.name, other, here)]),
    ...((await movesHistory(intended)) ? [changesHistory(project, state)] : []),
  ];
}

/**
 * Makes sure that the user agrees to take over a project that was deployed from another place, and to move a history.
 * Asks at a terminal about the first; the second needs an option.
 *
 * @throws LobbieError `OTHER_ORIGIN`, `HISTORY_MOVED`, before anything changes
 */
export async function consent(context: CommandContext, intended: Intended, agreed: Agreed): Promise<void> {
  const { project, state, here } = intended;
  const other = await otherOrigin(state, here);
  const taking = other && takesOver(project.name, other, here);
  const moving = !agreed.moveHistory && (await movesHistory(intended)) ? changesHistory(project, state) : undefined;
  const isOpen = taking !== undefined && !agreed.takeOver;
  // If the user has to add an option anyway, there is no point in asking a question first.
  if (moving !== undefined || (isOpen && context.confirm === undefined))
    throw refusal(intended, isOpen ? taking : undefined, moving);
  if (taking === undefined) return;
  if (isOpen && !(await context.confirm?.(`${taking} Take it over?`))) throw refusal(intended, taking, undefined);
  context.report({ type: 'warning', timeMs: context.clock.now(), message: `${taking} Taking it over.` });
}

async function movesHistory({ project: { history }, state, local }: Intended): Promise<boolean> {
  if (history === undefined || state.history === null || state.history === history.source) return false;
  // Two paths may lead to the same directory.
  return !local || (await resolved(state.history)) !== (await resolved(history.source));
}

const takesOver = (name: string, other: Origin, here: Origin): string =>
  `Project ${name} was last deployed from ${originWords(other)}; this is ${originWords(here)}.`;

const changesHistory = ({ name, history }: Project, state: LedgerState): string =>
  `The history of project ${name} is in ${state.history}; this deploy would keep it in ${history?.source}.`;

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
