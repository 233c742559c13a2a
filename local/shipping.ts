import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { courierAccountListSchema } from '../events/http/courier-accounts.ts';
import { orderPageSchema, orderSchema } from '../events/http/orders.ts';
import { labelSchema, shipmentSchema } from '../events/http/shipments.ts';
import { shipmentDetailSchema, shipmentPageSchema } from '../events/http/shipping.ts';
import { untilSettled } from './demonstration.ts';
import type { LocalStack } from './main.ts';
import { DEMO_BRT } from './partners/brt/demo-customer.ts';
import { type PeoplesApi, peoplesApi } from './peoples-api.ts';
import { StartFailure } from './start-failure.ts';

/** BRT of the demonstration gives a number after two seconds; this is for a slow machine. */
const CONFIRMED_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 500;
/** The demonstration's buyers live in towns that no courier knows. */
const RECIPIENT = {
  name: 'Cliente dimostrativo',
  address: 'Via di Prova 1',
  postcode: '60100',
  city: 'Ancona',
  province: 'AN',
  countryCode: 'IT',
} as const;
const MARKETPLACES = ['amazon', 'ebay', 'manomano'] as const;

/** A parcel from its label to the marketplace. */
export interface ShownShipment {
  readonly marketplace: string;
  readonly marketplaceOrderId: string;
  readonly shipmentKey: string;
  /** Bytes of the label that was downloaded. */
  readonly labelBytes: number;
  readonly trackingNumber: string;
  readonly trackingUrl: string | null;
  /** What the marketplace has been told; `confirmed` when it has the number. */
  readonly confirmation: string;
}

/**
 * Ships one order of each marketplace with BRT as people do, through the HTTP API: the owner keeps the contract's
 * credentials, the warehouse makes the shipments, downloads the labels and asks the courier until the goods have their
 * number and the marketplaces have it too.
 */
export async function shipDemoOrders(
  stack: LocalStack,
  signal?: AbortSignal,
): Promise<readonly ShownShipment[]> {
  const owner = await peoplesApi(stack, 'owner');
  const warehouse = await peoplesApi(stack, 'warehouse');
  const { accountId, userId, password, customerCode, departureDepot } = DEMO_BRT;
  const { courierAccounts } = await owner('GET', '/v1/courier-accounts', courierAccountListSchema);
  if (!courierAccounts.some(({ courierAccountId }) => courierAccountId === accountId)) {
    await owner('POST', '/v1/courier-accounts', z.unknown(), {
      courier: 'brt',
      courierAccountId: accountId,
      name: 'BRT',
    });
  }
  await owner('PUT', `/v1/courier-accounts/brt/${accountId}/credentials`, z.unknown(), {
    credentials: { userId, password, customerCode, departureDepot },
  });

  // Where the state of a run before was kept, so were its shipments.
  const { shipments } = await warehouse('GET', '/v1/shipments?limit=100', shipmentPageSchema);
  const kept = shipments.toReversed().flatMap(({ shipmentKey, orders }) =>
    orders.map(({ marketplace, orderNumber }) => ({
      order: { marketplace, marketplaceOrderId: orderNumber },
      shipmentKey,
    })),
  );
  const toLabel = kept.length > 0 ? kept : await makeShipments(warehouse, accountId);
  const made: { readonly order: OrderToShip; readonly shipmentKey: string; readonly labelBytes: number }[] =
    [];
  for (const { order, shipmentKey } of toLabel) {
    const { url } = await warehouse('GET', `/v1/shipments/${shipmentKey}/labels/1`, labelSchema);
    const label = await (await fetch(url)).arrayBuffer();
    made.push({ order, shipmentKey, labelBytes: label.byteLength });
  }

  const shown: ShownShipment[] = [];
  for (const { order, shipmentKey, labelBytes } of made) {
    const { trackingNumber, trackingUrl, confirmation } = await untilTold(
      stack,
      warehouse,
      shipmentKey,
      signal,
    );
    shown.push({ ...order, shipmentKey, labelBytes, trackingNumber, trackingUrl, confirmation });
  }
  return shown;
}

async function makeShipments(api: PeoplesApi, courierAccountId: string) {
  const made: { readonly order: OrderToShip; readonly shipmentKey: string }[] = [];
  for (const order of await ordersToShip(api)) {
    const { shipmentKey } = await api('POST', '/v1/shipments/made', shipmentSchema, {
      courierAccountId,
      orders: [{ marketplace: order.marketplace, orderNumber: order.marketplaceOrderId }],
      recipient: RECIPIENT,
      parcelCount: 1,
      weightGrams: 1_200,
      labelFormat: 'PDF',
    });
    made.push({ order, shipmentKey });
  }
  return made;
}

interface OrderToShip {
  readonly marketplace: string;
  readonly marketplaceOrderId: string;
}

/** One order of each marketplace that may be shipped now, and whose buyer is known. */
async function ordersToShip(api: PeoplesApi): Promise<readonly OrderToShip[]> {
  const { orders } = await api('GET', '/v1/orders?status=unshipped&limit=100', orderPageSchema);
  const found: OrderToShip[] = [];
  for (const marketplace of MARKETPLACES) {
    for (const listed of orders) {
      if (listed.marketplace !== marketplace || listed.personalData !== 'present') continue;
      const { marketplaceOrderId } = listed;
      const order = await api('GET', `/v1/orders/${marketplace}/${marketplaceOrderId}`, orderSchema);
      if (order.shippingBlock !== null) continue;
      found.push({ marketplace, marketplaceOrderId });
      break;
    }
  }
  return found;
}

/** Asks the courier until the marketplace has the number. */
async function untilTold(
  stack: LocalStack,
  api: PeoplesApi,
  shipmentKey: string,
  signal: AbortSignal | undefined,
) {
  const deadline = performance.now() + CONFIRMED_WITHIN_MS;
  for (;;) {
    signal?.throwIfAborted();
    const { trackingNumber, trackingUrl, confirmations } = await api(
      'GET',
      `/v1/shipments/${shipmentKey}`,
      shipmentDetailSchema,
    );
    const [told] = confirmations;
    if (trackingNumber !== null && told !== undefined && !['wanted', 'sending'].includes(told.state)) {
      const reason = told.reason === null ? '' : ` (${told.reason})`;
      return { trackingNumber, trackingUrl, confirmation: `${told.state}${reason}` };
    }
    if (performance.now() > deadline) {
      throw new StartFailure(
        `Spedizione ${shipmentKey}: il marketplace non ha il numero · the marketplace has not got its number: ${told?.state ?? 'no number'}\n` +
          `Registri e cronologia · logs and trace: ${stack.logFolder}`,
      );
    }
    if (trackingNumber === null) await api('POST', `/v1/shipments/${shipmentKey}/checks`, z.unknown());
    await untilSettled(stack, 'Spedizioni · Shipments', signal);
    await pause(ASK_EVERY_MS);
  }
}
