import { RejectedError } from './errors.ts';

/** Why a courier said no, in our words. */
export const REFUSAL_REASONS = [
  /** A field we sent breaks the courier's rules: put right, then sent again. */
  'invalid',
  /** The credentials are wrong, missing, or not those of the customer code: nothing works until they are renewed. */
  'unauthorised',
  /** No route to the recipient's address. */
  'address',
  'pick-up-point',
  'inconsistent',
  'not-confirmable',
  /** The courier has the parcels already: nothing can be taken back. */
  'taken-over',
  /** The reference stands for more than one shipment. */
  'not-unique',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/**
 * A courier's no, which only a person can change. With `unauthorised` all its work stops and somebody is woken;
 * with the others one shipment waits for the operator.
 */
export class CourierRefusedError extends RejectedError {
  readonly reason: RefusalReason;
  constructor(courier: string, message: string, options: { reason: RefusalReason; cause?: unknown }) {
    const status = options.reason === 'unauthorised' ? { status: 401 } : {};
    super(courier, message, { ...status, cause: options.cause });
    this.reason = options.reason;
  }
}
