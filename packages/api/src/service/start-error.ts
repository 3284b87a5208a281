/** A reason not to start that the person who starts the service can mend: told in one line, without a stack. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}
