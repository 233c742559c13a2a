import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { OrderReader } from '../../ports/order-source.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import { parseAnswer } from './answer.ts';
import type { AmazonClient } from './client.ts';
import { INCLUDED_DATA, readOrder } from './read-order.ts';
import { getOrderAnswerSchema } from './schemas.ts';

/** Ninety times the search's rate: for single orders, never for lists (SP-API docs, Orders API v2026-01-01, getOrder). */
export const GET_ORDER_QUOTA: QuotaPlan = { ratePerSecond: 0.5, burst: 30 };

/** One order of Amazon's, with everything the search asks for too; its customisation URL may be newer. */
export function createAmazonOrderReader(clientOf: (accountId: string) => Promise<AmazonClient>): OrderReader {
  return {
    async fetchOrder({ accountId, marketplaceOrderId }) {
      const client = await clientOf(accountId);
      const answer = await client
        .call({
          operation: 'getOrder',
          documentedRatePerSecond: GET_ORDER_QUOTA.ratePerSecond,
          path: { orderId: marketplaceOrderId },
          query: { includedData: INCLUDED_DATA },
        })
        .catch((error: unknown) => {
          if (error instanceof RejectedError && error.status === 404) return undefined;
          throw error;
        });
      if (answer === undefined) return undefined;
      const read = readOrder(accountId, parseAnswer('getOrder', getOrderAnswerSchema, answer).order);
      if (!('problem' in read)) return read;
      throw new UnexpectedAnswerError('amazon', `amazon getOrder ${marketplaceOrderId}: ${read.problem}`);
    },
  };
}
