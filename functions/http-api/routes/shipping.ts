import { confirmationRefusalText } from '../../../shared/domain/texts/shipments/index.ts';
import { Problem } from '../../../shared/runtime/http-problem.ts';
import type { AskForConfirmationDeps } from '../../../shared/usecases/ask-for-confirmation.ts';
import { type DeadlineBoardDeps, deadlineBoard } from '../../../shared/usecases/deadline-board.ts';
import {
  askForConfirmationOf,
  type CheckNowDeps,
  checkShipmentNow,
  dismissProblems,
  listShipments,
  type ReadShipmentsDeps,
  readShipment,
} from '../../../shared/usecases/read-shipments.ts';
import { showShippingRates } from '../../../shared/usecases/show-shipping-rates.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Implementations } from '../implementation.ts';

type Deps = Omit<ReadShipmentsDeps & CheckNowDeps & AskForConfirmationDeps & DeadlineBoardDeps, 'actor'> &
  Parameters<typeof showShippingRates>[0];

export function shippingRoutes(
  deps: Deps,
): Pick<
  Implementations,
  | 'listShipments'
  | 'readShipment'
  | 'checkShipment'
  | 'dismissShipmentProblems'
  | 'askConfirmation'
  | 'listDeadlines'
  | 'readShippingRates'
> {
  return {
    async listShipments({ query: { courier, state, problems, limit, cursor } }) {
      const list = `shipments ${courier ?? ''} ${state ?? ''} ${problems ?? ''}`;
      const filters = { courier, state, withProblems: problems === 'any' };
      const page = await listShipments(deps, filters, { limit, cursor: openCursor(cursor, list) });
      return { body: { shipments: page.shipments, cursor: sealCursor(page.cursor, list) } };
    },

    async readShipment({ params: { shipmentKey } }) {
      const shipment = await readShipment(deps, shipmentKey);
      if (shipment === undefined) throw new Problem('not-found');
      return { body: shipment };
    },

    async checkShipment({ params: { shipmentKey }, caller, requestId }) {
      const acting = { ...deps, actor: caller.subject };
      switch (await checkShipmentNow(acting, shipmentKey, requestId)) {
        case 'asked':
          return { body: { shipmentKey, correlationId: requestId } };
        case 'not-found':
          throw new Problem('not-found');
        case 'nobody-to-ask':
          throw new Problem('conflict');
      }
    },

    async dismissShipmentProblems({ params: { shipmentKey }, caller }) {
      const acting = { ...deps, actor: caller.subject };
      const dismissed = await dismissProblems(acting, shipmentKey);
      if (dismissed.outcome === 'not-found') throw new Problem('not-found');
      if (dismissed.outcome === 'conflict') throw new Problem('changed-meanwhile');
      return { body: dismissed.shipment };
    },

    async askConfirmation({ params, body, caller }) {
      const { version: expectedVersion, ...wish } = body;
      const acting = { ...deps, actor: caller.subject };
      const asked = await askForConfirmationOf(acting, params, { ...wish, expectedVersion });
      return { body: { confirmation: done(asked) } };
    },

    async listDeadlines({ query: { channel, clock, limit, cursor } }) {
      const list = `deadlines ${channel ?? ''} ${clock ?? ''}`;
      const after = openCursor(cursor, list);
      const board = await deadlineBoard(deps, { channelId: channel, clock, limit, after });
      if (board === undefined) throw new Problem('not-found');
      return { body: { deadlines: board.rows, cursor: sealCursor(board.next, list) } };
    },

    async readShippingRates({ params: { channelId } }) {
      const rates = await showShippingRates(deps, channelId);
      if (rates === undefined) throw new Problem('not-found');
      return { body: rates };
    },
  };
}

type Asked = Awaited<ReturnType<typeof askForConfirmationOf>>;

/** What was asked for; what was refused becomes the problem that is answered. */
function done(asked: Asked): Extract<Asked, { readonly outcome: 'asked' }>['confirmation'] {
  switch (asked.outcome) {
    case 'asked':
      return asked.confirmation;
    case 'not-found':
      throw new Problem('not-found');
    case 'conflict':
      throw new Problem('changed-meanwhile');
    case 'under-way':
      throw new Problem('request-in-progress', { retryAfterMs: UNDER_WAY_MS });
    default: {
      const { outcome: code } = asked;
      const words = {
        detail: confirmationRefusalText(code, 'it'),
        detailEn: confirmationRefusalText(code, 'en'),
      };
      throw new Problem(code === 'malformed-number' ? 'refused' : 'conflict', { code, words });
    }
  }
}

/** A worker that talks to a marketplace is done, or known to be dead, after this. */
const UNDER_WAY_MS = 180_000;
