/** The stack cannot start or go on for a reason a person can act on: the message is shown as it is, without a stack trace. */
export class StartFailure extends Error {
  /** @param message Italian first, English second, one line each */
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StartFailure';
  }
}
