import { RejectedError } from '../domain/errors.ts';
import type { Order } from '../domain/order.ts';
import type { RemoteAction, RemoteActionReason, RemoteAnswer } from '../domain/remote-action.ts';

/** What came of one call that was answered. */
export type Performed =
  /** The marketplace did it. */
  | { readonly outcome: 'done'; readonly answer: RemoteAnswer }
  /** The marketplace has it and works on it: it is looked for until the end. */
  | { readonly outcome: 'followed'; readonly answer: RemoteAnswer };

/** What the marketplace has of an action now. */
export type FoundAction =
  | { readonly found: 'done'; readonly answer: RemoteAnswer }
  /** It never arrived, or had no effect: it may be sent. */
  | { readonly found: 'not-done' }
  /** The marketplace has it and works on it; with an empty answer: it may still turn up. */
  | { readonly found: 'followed'; readonly answer: RemoteAnswer }
  /** It arrived, and the marketplace said no; or what it is about is gone. */
  | { readonly found: 'refused'; readonly reason: RemoteActionReason; readonly answer: RemoteAnswer }
  /** Some of it was done, some was not. */
  | { readonly found: 'partly'; readonly answer: RemoteAnswer }
  /** The marketplace cannot say. */
  | { readonly found: 'cannot-tell' };

/** A refusal whose reason is known: the marketplace's, or ours before anything was sent. */
export class ActionRefusedError extends RejectedError {
  readonly reason: RemoteActionReason;
  readonly code: string | undefined;
  constructor(
    partner: string,
    reason: RemoteActionReason,
    options: { readonly status?: number; readonly code?: string } = {},
  ) {
    super(partner, `${partner}: ${reason}`, options.status === undefined ? {} : { status: options.status });
    this.reason = reason;
    this.code = options.code;
  }
}

/** Has one marketplace do to its orders what people ask for; parcels are told by `ShippingConfirmer`. */
export interface RemoteActor {
  /**
   * Begins the action. Only the last of its calls changes anything, and that one is made once.
   * @throws ActionRefusedError when it is known why not
   * @throws RejectedError when the marketplace said no
   * @throws UnavailableError when nobody knows whether it arrived: `find` before another
   * @throws ThrottledError
   */
  perform(order: Order, action: RemoteAction): Promise<Performed>;
  /** Asks the marketplace what became of an action: of one that it works on, or of one that it never answered. */
  find(order: Order, action: RemoteAction): Promise<FoundAction>;
}
