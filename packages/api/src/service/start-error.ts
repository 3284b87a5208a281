/** A reason not to start that the user can fix. Printed in one line, without a stack. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}
