/**
 * The failures a use case can meet at a partner or a store. Adapters translate once, keeping `cause`;
 * whether to try again is a property of the class, never of a message.
 */
export abstract class PartnerError extends Error {
  abstract readonly retryable: boolean;
  readonly partner: string;
  constructor(partner: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.partner = partner;
    this.name = new.target.name;
  }
}

/** The partner's quota is used up; `retryAfterMs` says when a call may succeed again. */
export class ThrottledError extends PartnerError {
  readonly retryable = true;
  readonly retryAfterMs: number;
  constructor(partner: string, message: string, options: { retryAfterMs: number; cause?: unknown }) {
    super(partner, message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Nothing answered, or the partner said it cannot now. For a write the outcome is unknown. */
export class UnavailableError extends PartnerError {
  readonly retryable = true;
}

/** The partner understood and said no: the same call would get the same answer. */
export class RejectedError extends PartnerError {
  readonly retryable = false;
  /** HTTP status, when there was one; 401 and 403 mean that the authorisation is gone or too narrow. */
  readonly status: number | undefined;
  constructor(partner: string, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(partner, message, options);
    this.status = options.status;
  }
}

/** The partner answered something its contract does not allow; a person has to look. */
export class UnexpectedAnswerError extends PartnerError {
  readonly retryable = false;
}
