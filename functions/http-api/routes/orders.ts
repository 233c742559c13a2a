import { Problem } from '../../../shared/runtime/http-problem.ts';
import { type ReadBuyerDeps, readBuyer } from '../../../shared/usecases/read-buyer.ts';
import {
  type ReadCustomisationDeps,
  readCustomisation,
} from '../../../shared/usecases/read-customisation.ts';
import { type ReadOrderDeps, readOrder } from '../../../shared/usecases/read-order.ts';
import { type RequestErasureDeps, requestErasure } from '../../../shared/usecases/request-erasure.ts';
import { type SearchOrdersDeps, searchOrders } from '../../../shared/usecases/search-orders.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Asked, Implementations } from '../implementation.ts';

export function orderRoutes(
  deps: SearchOrdersDeps & ReadOrderDeps & ReadBuyerDeps & ReadCustomisationDeps & RequestErasureDeps,
): Pick<Implementations, 'listOrders' | 'readOrder' | 'readBuyer' | 'eraseBuyer' | 'readCustomisation'> {
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

    async readBuyer(asked) {
      const { marketplace, orderNumber } = asked.params;
      const buyer = await readBuyer(
        deps,
        { marketplace, marketplaceOrderId: orderNumber },
        { ...who(asked), reason: asked.query.reason },
      );
      if (buyer === undefined) throw new Problem('not-found');
      return { body: buyer };
    },

    async eraseBuyer(asked) {
      const { marketplace, orderNumber } = asked.params;
      const requested = await requestErasure(
        deps,
        { marketplace, marketplaceOrderId: orderNumber },
        { ...who(asked), reason: asked.query.reason },
      );
      if (requested === undefined) throw new Problem('not-found');
      return { body: requested };
    },

    async readCustomisation(asked) {
      const { marketplace, orderNumber, orderLineId } = asked.params;
      const customisation = await readCustomisation(
        deps,
        { marketplace, marketplaceOrderId: orderNumber, orderLineId },
        { ...who(asked), reason: asked.query.reason },
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

/** Whose name what is done is written down under, and under which key: the request's, which has signs no key may have. */
function who({ caller, requestId }: Pick<Asked<'readOrder'>, 'caller' | 'requestId'>) {
  return { actor: caller.subject, activityId: requestId.replaceAll(/[^\w-]/g, '_') };
}

/** Instants are compared as text: all of them in UTC, to the millisecond. */
function instant(text: string | undefined): string | undefined {
  return text === undefined ? undefined : new Date(text).toISOString();
}
