/** An error that stops the first run: one sentence on what is wrong, one on what to do next. */
export class SetupError extends Error {
  readonly nextStep: string;

  constructor(message: string, nextStep: string) {
    super(message);
    this.name = 'SetupError';
    this.nextStep = nextStep;
  }
}
