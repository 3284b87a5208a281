import type { ErrorCode } from './errors.ts';
import type { ImageProgress } from './image.ts';
import type { ToldStep } from './step.ts';

/**
 * What happens while a command runs, as facts for the reporters, without wording. Times are milliseconds since 1970.
 */
export type Event =
  | {
      readonly type: 'deploy-started';
      readonly timeMs: number;
      readonly command: string;
      readonly project: string;
      readonly release: string;
      readonly engine: string;
      /** Names of the project's services. */
      readonly services?: readonly string[];
    }
  /** Finishes or undoes a release whose holder died. */
  | { readonly type: 'repairing'; readonly timeMs: number; readonly release: string }
  | {
      readonly type: 'image-progress';
      readonly timeMs: number;
      readonly image: string;
      readonly act: 'build' | 'pull';
      readonly progress: ImageProgress;
    }
  | {
      readonly type: 'image-done';
      readonly timeMs: number;
      readonly image: string;
      readonly act: 'build' | 'pull';
      readonly seconds: number;
    }
  | {
      readonly type: 'step-started';
      readonly timeMs: number;
      readonly id: string;
      readonly step: ToldStep;
      readonly undo: boolean;
    }
  | {
      readonly type: 'step-done';
      readonly timeMs: number;
      readonly id: string;
      readonly step: ToldStep;
      readonly seconds: number;
      readonly undo: boolean;
      readonly result?: StepResult;
    }
  | {
      readonly type: 'step-failed';
      readonly timeMs: number;
      readonly id: string;
      readonly step: ToldStep;
      readonly seconds: number;
      readonly undo: boolean;
      readonly code: ErrorCode;
      readonly message: string;
    }
  /** A replica's health gate, while it is waiting. */
  | { readonly type: 'gate-waiting'; readonly timeMs: number; readonly id: string; readonly lastCheck: string }
  | { readonly type: 'undo-started'; readonly timeMs: number; readonly because: string }
  | { readonly type: 'warning'; readonly timeMs: number; readonly message: string };

/** The result of a step: the replica's file or other answer, and the file of the replica that it replaces. */
export interface StepResult {
  readonly file?: string;
  readonly answer?: string;
  readonly replaced?: string;
}

export type Report = (event: Event) => void;
