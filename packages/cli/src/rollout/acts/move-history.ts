import { posix } from 'node:path';
import { LobbieError } from '../../model/errors.ts';
import { lastLines } from '../../model/last-lines.ts';
import type { Mount } from '../../model/mount.ts';
import type { GivenUnderLease } from '../given/given.ts';
import { onErrand } from '../observe/errands.ts';

type HistoryContext = Pick<GivenUnderLease, 'engine' | 'projectName' | 'ingressImage' | 'ledger'>;

/** Needed to keep an entry's owner, mode and time in directories of other users. */
const RIGHTS = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'];
/** Exit status of the scripts if both directories have different entries of the same name. */
const CLASH = 3;

/** Names of entries, see `packages/api`: without spaces and line breaks. */
const COMMON = `set -eu
export LC_ALL=C
entries() { (cd "$1" && find . -maxdepth 1 -type f -regex '\\./include-me-[A-Za-z0-9][A-Za-z0-9]*\\.txt'); }
is_file() { [ -f "$1" ] && [ ! -L "$1" ]; }
is_there() { [ -e "$1" ] || [ -L "$1" ]; }
# Two paths to one directory: all is where it should be, and removing it would lose it.
if [ /from -ef /to ]; then exit 0; fi
`;

/**
 * Copies missing entries. Each entry is copied beside its place and then renamed, so that an entry in the directory is
 * complete, however the copying ended.
 */
const COPY = `${COMMON}
staging="/to/.include-me-moving-$1"
rm -rf "$staging"
trap 'rm -rf "$staging"' EXIT
mkdir -m 700 "$staging"
entries /from | while IFS= read -r path; do
  if ! is_there "/to/$path"; then echo "$path"
  elif ! is_file "/to/$path" || ! cmp -s "/from/$path" "/to/$path"; then echo "$path" | cut -c 3- >&2; exit ${CLASH}
  fi
done > "$staging/.list"
if [ -s "$staging/.list" ]; then
  cd /from
  xargs sh -c 'cp -pP "$@" "$0"' "$staging" < "$staging/.list"
  cd "$staging"
  sync
  while IFS= read -r path; do
    if ! is_there "/to/$path"; then mv "$path" "/to/$path"; fi
  done < .list
  sync
fi
`;

/** Removes entries from the old directory that the new one has, and drafts that were never published. */
const CLEAR = `${COMMON}
entries /from | while IFS= read -r path; do
  if is_file "/to/$path" && cmp -s "/from/$path" "/to/$path"; then rm -f "/from/$path"; fi
done
cd /from
find . -maxdepth 1 -type f -regex '\\./\\.include-me-[A-Za-z0-9][A-Za-z0-9]*\\.txt\\.[-0-9a-f]*\\.draft' -delete
`;

/**
 * Copies the entries of a history to its new directory, with owner, mode and time. Run again, it copies entries added
 * since. It does not change the old directory.
 *
 * @throws LobbieError `HISTORY_CLASH` if the new directory has another entry of the same name
 */
export const copyHistory = async (
  context: HistoryContext,
  service: string,
  from: string,
  source: string,
): Promise<void> => run(context, COPY, service, { from, source, readOnly: true });

/** Removes the copied entries from the old directory, and the directory if it is then empty. */
export async function leaveHistory(context: HistoryContext, from: string, source: string): Promise<void> {
  // First copies what containers wrote while they were being replaced.
  await run(context, COPY, 'leaving', { from, source, readOnly: true });
  await run(context, CLEAR, 'leaving', { from, source, readOnly: false });
  await run(context, RMDIR, posix.basename(from), { from: posix.dirname(from), source, readOnly: false });
  if (context.ledger.state.leaving === from) await context.ledger.write({ leaving: null });
}

/** Fails if something is left or if the directory is a link. Then it stays. */
const RMDIR = `[ "/from/$1" -ef /to ] || rmdir "/from/$1" 2>/dev/null || true`;

async function run(
  context: HistoryContext,
  script: string,
  argument: string,
  { from, source, readOnly }: { readonly from: string; readonly source: string; readonly readOnly: boolean },
): Promise<void> {
  const { engine, projectName, ingressImage } = context;
  const bind = (path: string, target: string, isReadOnly: boolean): Mount => ({
    kind: 'bind',
    source: path,
    target,
    readOnly: isReadOnly,
    mustExist: true,
  });
  const spec = {
    image: ingressImage,
    user: '0:0',
    capAdd: RIGHTS,
    entrypoint: ['sleep', 'infinity'],
    command: [],
    mounts: [bind(from, '/from', readOnly), bind(source, '/to', false)],
  };
  const ended = await onErrand(engine, projectName, spec, async (id) => {
    await engine.startContainer(id);
    return engine.exec(id, ['sh', '-c', script, 'move-history', argument]);
  }).catch((error: unknown) => {
    // The directory was removed with the project or by hand, so there is nothing to move.
    if (isMissing(error, from)) return undefined;
    throw error;
  });
  if (ended === undefined || ended.exitCode === 0) return;
  throw failed(ended, from, source);
}

const isMissing = (error: unknown, from: string): boolean =>
  error instanceof LobbieError &&
  error.facts.refusal?.reason === 'bind-source-missing' &&
  error.facts.refusal.paths.includes(from);

function failed({ exitCode, output }: { exitCode: number; output: string }, from: string, source: string): LobbieError {
  const lines = lastLines(output, 5);
  if (exitCode === CLASH)
    return new LobbieError('HISTORY_CLASH', `The histories ${from} and ${source} both have ${lines.at(-1)}.`, {
      hint: `The two entries differ. Move the one in ${source} away, then deploy again.`,
    });
  return new LobbieError('ENGINE_ERROR', `The history could not be moved from ${from} to ${source}.`, {
    details: lines,
    hint: 'Nothing was removed. Check that there is free space, then deploy again.',
  });
}
