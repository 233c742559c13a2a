import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { Order } from '../../domain/order.ts';
import type { FoundAction, RemoteActor } from '../../ports/remote-actor.ts';
import type { ManomanoClient } from './client.ts';
import { problemOf } from './errors.ts';
import { orderAnswerSchema, orderStatusSchema } from './schemas.ts';
import { contractOf } from './shipping-confirmer.ts';

const PATHS = { accept: '/orders/v1/accept-orders', refuse: '/orders/v1/refuse-orders' } as const;
type Answering = keyof typeof PATHS;
/** Statuses from which an order that was waiting for the seller tells what the seller said. */
const REFUSED: readonly string[] = ['REFUSED', 'REFUNDING', 'REFUNDED'];

/**
 * Accepts and refuses orders at ManoMano, which has no call for anything else. Whatever is said of a second acceptance
 * differs between integrations: the order's own status is what counts.
 * Source: Partner API docs, "Accept orders", "Refuse orders" and "Get an order".
 */
export function createManomanoActor(clientOf: (accountId: string) => Promise<ManomanoClient>): RemoteActor {
  return {
    async perform(order, { wish: { kind } }) {
      const answering = answeringOf(kind);
      const client = await clientOf(order.accountId);
      const answer = await client.call({
        operation: `${answering}-orders`,
        method: 'POST',
        path: PATHS[answering],
        body: [{ order_reference: order.marketplaceOrderId, seller_contract_id: contractOf(order) }],
      });
      // Of several elements some were refused, says a 207. There was one.
      if (answer.outcome === 'mixed') {
        throw new RejectedError('manomano', `manomano ${answering}-orders: 207, refused`, { status: 207 });
      }
      return { outcome: 'done', answer: {} };
    },

    async find(order, { wish: { kind } }) {
      return foundAs(answeringOf(kind), await statusOf(await clientOf(order.accountId), order));
    },
  };
}

function answeringOf(kind: string): Answering {
  if (kind === 'accept' || kind === 'refuse') return kind;
  throw new RangeError(`ManoMano has no call for ${kind}`);
}

async function statusOf(client: ManomanoClient, order: Order): Promise<string> {
  const answer = await client.call({
    operation: 'order',
    method: 'GET',
    path: `/orders/v1/orders/${encodeURIComponent(order.marketplaceOrderId)}`,
    query: { seller_contract_id: order.siteId },
  });
  const parsed = orderAnswerSchema.pipe(orderStatusSchema).safeParse(answer.body);
  if (parsed.success) return parsed.data.content.status;
  throw new UnexpectedAnswerError('manomano', `manomano order: ${problemOf(parsed.error.issues)}`);
}

function foundAs(answering: Answering, status: string): FoundAction {
  if (status === 'PENDING') return { found: 'not-done' };
  const answer = { code: status };
  if (REFUSED.includes(status) === (answering === 'refuse')) return { found: 'done', answer };
  return { found: 'refused', reason: 'order-changed', answer };
}
