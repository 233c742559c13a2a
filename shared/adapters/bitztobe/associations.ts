import type { IssuerAssociations } from '../../ports/receipt-issuer.ts';
import { type IssuerClient, successOf } from './client.ts';
import { failureOf } from './errors.ts';
import { type Association, associationSchema, remoteReceiptsSchema } from './schemas.ts';

/** The issuer's half of the channels' associations. */
export function createBitztobeAssociations(client: IssuerClient): IssuerAssociations {
  return {
    async associate(connection, { channelId, language, automaticFrom }) {
      const operation = 'associate';
      const association: Association = {
        issuerAccountId: connection.issuerAccountId,
        language,
        ...(automaticFrom === undefined ? {} : { startDate: automaticFrom }),
      };
      const answer = await client.call(connection, {
        operation,
        method: 'PUT',
        path: ['associations', channelId],
        body: associationSchema.parse(association),
      });
      if (answer.status !== 204) throw failureOf(operation, answer);
    },

    async dissociate(connection, channelId) {
      const operation = 'dissociate';
      const answer = await client.call(connection, {
        operation,
        method: 'DELETE',
        path: ['associations', channelId],
      });
      if (answer.status !== 204) throw failureOf(operation, answer);
    },

    async check(connection) {
      // A question about an order that nobody has: the answer is an empty list, or that the key is not valid.
      const operation = 'findReceipts';
      const query = { channel: 'none', marketplaceOrderId: 'none' };
      const answer = await client.call(connection, { operation, method: 'GET', path: ['receipts'], query });
      successOf(operation, answer, remoteReceiptsSchema);
    },
  };
}
