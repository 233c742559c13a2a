import type { Buyer } from '../domain/buyer.ts';
import type { OrderId } from '../domain/order.ts';

/** One order whose buyer is asked for. */
export interface PersonalDataRequest {
  readonly orderId: OrderId;
  readonly marketplaceOrderId: string;
  readonly accountId: string;
  readonly siteId: string;
  /** When what is found must be gone at the latest, by our own rule. ISO instant. */
  readonly expiresAt: string;
}

/** What the source says of one order. A throttle or an outage is thrown and says nothing of any of them. */
export type PersonalDataAnswer =
  | { readonly outcome: 'found'; readonly buyer: Buyer }
  /** The source is getting it; asking sooner is of no use. */
  | { readonly outcome: 'being-fetched'; readonly retryAfterMs: number }
  /** The source does not know the order, or not yet. */
  | { readonly outcome: 'not-visible' }
  /** The marketplace gives the order without the person; what little it says of them is kept. */
  | { readonly outcome: 'not-given'; readonly buyer: Buyer | undefined }
  /** For good: the time in which it was to be had is over. */
  | { readonly outcome: 'expired' }
  | { readonly outcome: 'throttled'; readonly retryAfterMs: number }
  | { readonly outcome: 'unavailable' }
  /** The source broke its contract for this order; what it sent is never repeated. */
  | { readonly outcome: 'unexpected-answer' };

/**
 * Where personal data comes from. A refusal that is about more than the order asked for (key, account, module) is a
 * `RejectedError`, a `ProviderRefusedError` where the source names the reason.
 */
export interface PersonalDataSource {
  /** How many orders one call may ask for. */
  readonly ordersPerCallMax: number;
  /** One call; an answer for each request, by `orderId`. */
  fetch(requests: readonly PersonalDataRequest[]): Promise<ReadonlyMap<OrderId, PersonalDataAnswer>>;
}
