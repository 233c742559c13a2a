import { Problem } from '../../../shared/runtime/http-problem.ts';
import { type ReadBuyerDeps, readBuyer } from '../../../shared/usecases/read-buyer.ts';
import {
  type ReadCustomisationDeps,
  readCustomisation,
} from '../../../shared/usecases/read-customisation.ts';
import { type ReadOrderDeps, readOrder } from '../../../shared/usecases/read-order.ts';
import { type SearchOrdersDeps, searchOrders } from '../../../shared/usecases/search-orders.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Implementations } from '../implementation.ts';

export function orderRoutes(
  deps: SearchOrdersDeps & ReadOrderDeps & ReadBuyerDeps & ReadCustomisationDeps,
): Pick<Implementations, 'listOrders' | 'readOrder' | 'readBuyer' | 'readCustomisation'> {
  return {
    async listOrders({ query: { channel, status, from, until, text, limit, cursor } }) {
      const filter = { channelId: channel, status, from: instant(from), until: instant(until), text };
      const list = `orders ${JSON.stringify(filter)}`;
      const found = await searchOrders(deps, { ...filter, limit, after: openCursor(cursor, list) });
      if (found === undefined) throw new Problem('not-found');
      return {
        body: {
          orders: [...found.orders],
          cursor: sealCursor(found.next, list),
          searchedBackTo: found.searchedBackTo ?? null,
        },
      };
    },

    async readOrder({ params: { marketplace, orderNumber } }) {
      const detail = await readOrder(deps, { marketplace, marketplaceOrderId: orderNumber });
      if (detail === undefined) throw new Problem('not-found');
      return { body: detail };
    },

    async readBuyer({ params: { marketplace, orderNumber }, query: { reason }, caller, requestId }) {
      const buyer = await readBuyer(
        deps,
        { marketplace, marketplaceOrderId: orderNumber },
        {
          actor: caller.subject,
          reason,
          activityId: requestId.replaceAll(/[^\w-]/g, '_'),
        },
      );
      if (buyer === undefined) throw new Problem('not-found');
      return { body: buyer };
    },

    async readCustomisation({ params, query: { reason }, caller, requestId }) {
      const { marketplace, orderNumber, orderLineId } = params;
      const customisation = await readCustomisation(
        deps,
        { marketplace, marketplaceOrderId: orderNumber, orderLineId },
        {
          actor: caller.subject,
          reason,
          activityId: requestId.replaceAll(/[^\w-]/g, '_'),
        },
      );
      if (customisation === undefined) throw new Problem('not-found');
      return {
        body: {
          ...customisation,
          parts: [...customisation.parts],
          notUnderstood: [...customisation.notUnderstood],
          files: [...customisation.files],
        },
      };
    },
  };
}

/** Instants are compared as text: all of them in UTC, to the millisecond. */
function instant(text: string | undefined): string | undefined {
  return text === undefined ? undefined : new Date(text).toISOString();
}
