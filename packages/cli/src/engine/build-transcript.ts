import type { ImageProgress } from '../model/image.ts';
import { lastLines } from '../model/last-lines.ts';
import type { BuildStatus } from './build-status.ts';

/** Follows a build: reports its progress, and keeps the lines that explain a failure. */
export interface BuildTranscript {
  add(status: BuildStatus): void;
  /** The instruction that failed, as BuildKit names it without its count, and the last lines it wrote. */
  failure(): { instruction: string | undefined; lines: readonly string[] };
}

const LAST_LINES = 15;
const MOST_OUTPUT = 16_384;
/** BuildKit's own steps; `copy /context /` unpacks what was sent. */
const INTERNAL = /^\[internal\]|^copy \/context/;
/** `[2/5] RUN make`, `[build 2/5] RUN make` */
const STEP = /^\[(?:\S+ +)?\d+\/\d+\] /;

export function buildTranscript(onProgress: (progress: ImageProgress) => void): BuildTranscript {
  const names = new Map<string, string>();
  const done = new Set<string>();
  const output = new Map<string, string>();
  let failed: { digest: string; name: string } | undefined;
  let shown = '';

  const tell = (name: string): void => {
    const steps = [...names].filter(([, other]) => STEP.test(other));
    const current = steps.filter(([digest]) => done.has(digest)).length;
    const key = `${name} ${current}`;
    if (key === shown) return;
    shown = key;
    onProgress({ message: name, current, total: steps.length });
  };

  return {
    add({ vertexes, logs }) {
      for (const { digest, name, completed, error } of vertexes) {
        names.set(digest, name);
        if (completed) done.add(digest);
        // When one step fails, BuildKit cancels those beside it: they are not the cause.
        if (error && !/context canceled/.test(error)) failed ??= { digest, name };
      }
      for (const { vertex, msg } of logs) {
        output.set(vertex, lastPart((output.get(vertex) ?? '') + Buffer.from(msg).toString()));
      }
      const seen = vertexes.filter(({ name }) => !INTERNAL.test(name));
      const told =
        seen.findLast(({ started, completed }) => started && !completed) ?? seen.findLast(({ completed }) => completed);
      if (told) tell(told.name);
    },
    failure: () => ({
      instruction: failed && instructionOf(failed.name),
      lines: lastLines(failed ? (output.get(failed.digest) ?? '') : '', LAST_LINES),
    }),
  };
}

/** Cuts between lines, because half of a secret would not be recognised. */
const lastPart = (text: string): string =>
  text.length <= MOST_OUTPUT ? text : text.slice(-MOST_OUTPUT).replace(/^[^\n]*\n/, '');

/** A base image that is missing fails while BuildKit looks for it, before any instruction. */
const instructionOf = (name: string): string =>
  name.replace(/^\[internal\] load metadata for /, 'FROM ').replace(STEP, '');
