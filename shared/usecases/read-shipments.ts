import { type Marketplace, orderId, orderIdParts } from '../domain/order.ts';
import type { Courier, Shipment, ShipmentKey } from '../domain/shipment.ts';
import { shownShipment } from '../domain/shipment-view.ts';
import type { ShippingConfirmation } from '../domain/shipping-confirmation.ts';
import { checkJob, type TrackingCheckJob } from '../domain/tracking-job.ts';
import type { ShipmentState } from '../domain/tracking-state.ts';
import { isFinal } from '../domain/tracking-state.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { ConfirmationStore, ShipmentStore } from '../ports/shipment-store.ts';
import { type Acting, noteActivity } from './acting.ts';
import {
  type AskedForConfirmation,
  type AskForConfirmationDeps,
  askForConfirmation,
  type ConfirmationWish,
} from './ask-for-confirmation.ts';

/** Shipments looked at for one page; a page that finds fewer goes on with the next. */
const READ_MAX = 1_000;
const READ_AT_ONCE = 100;

export interface ReadShipmentsDeps {
  readonly shipments: ShipmentStore;
  readonly confirmations: ConfirmationStore;
}

export interface ShipmentFilters {
  readonly courier?: Courier | undefined;
  readonly state?: ShipmentState | undefined;
  /** Only those that a person has to look at. */
  readonly withProblems: boolean;
}

/** Shipments newest first. A page may have fewer than asked for, and one more when the last one read was too many. */
export async function listShipments(
  { shipments }: Pick<ReadShipmentsDeps, 'shipments'>,
  { courier, state, withProblems }: ShipmentFilters,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const isWanted = (shipment: Shipment): boolean =>
    (courier === undefined || shipment.courier === courier) &&
    (state === undefined || shipment.state === state) &&
    (!withProblems || (shipment.problems ?? []).length > 0);
  const filtered = courier !== undefined || state !== undefined || withProblems;
  const found: Shipment[] = [];
  let { cursor } = page;
  for (let read = 0; read < READ_MAX && found.length < page.limit; ) {
    // No more than are missing: what was read and not shown would be lost to the next page.
    const missing = page.limit - found.length;
    const limit = filtered ? Math.min(missing, READ_AT_ONCE) : missing;
    const next = await shipments.list({ limit, cursor });
    found.push(...next.shipments.filter(isWanted));
    cursor = next.cursor;
    read += limit;
    if (cursor === undefined) break;
  }
  return { shipments: found.map(shownShipment), cursor };
}

/** One shipment with its events and what each of its orders' marketplaces has been told; undefined when there is none. */
export async function readShipment({ shipments, confirmations }: ReadShipmentsDeps, shipmentKey: string) {
  const key = shipmentKey as ShipmentKey;
  const shipment = await shipments.get(key);
  if (shipment === undefined) return undefined;
  const told = await Promise.all(
    shipment.orders.map(({ orderId }) => confirmations.get({ orderId, shipmentKey: key })),
  );
  return {
    ...shownShipment(shipment),
    eventsDeletedAt: shipment.eventsDeletedAt ?? null,
    events: shipment.events.map(({ code, description, date, time, depot, state }) => ({
      code: code ?? null,
      description,
      date: date ?? null,
      time: time ?? null,
      depot: depot ?? null,
      state: state ?? null,
    })),
    confirmations: told.flatMap((each) => (each === undefined ? [] : [shownConfirmation(each)])),
  };
}

function shownConfirmation(confirmation: ShippingConfirmation) {
  const { marketplaceOrderId } = orderIdParts(confirmation.orderId);
  return {
    shipmentKey: confirmation.shipmentKey as string,
    marketplace: confirmation.marketplace,
    orderNumber: marketplaceOrderId,
    packageNumber: confirmation.packageNumber,
    courier: confirmation.courier,
    trackingNumber: confirmation.trackingNumber,
    trackingUrl: confirmation.trackingUrl ?? null,
    replacedNumber: confirmation.replacedNumber ?? null,
    state: confirmation.state,
    reason: confirmation.reason ?? null,
    knownAt: confirmation.knownAt,
    confirmedAt: confirmation.confirmedAt ?? null,
    dueAt: confirmation.dueAt ?? null,
    askedBy: confirmation.askedBy ?? null,
    version: confirmation.version,
  };
}

export interface CheckNowDeps extends Acting {
  readonly shipments: Pick<ShipmentStore, 'get'>;
  readonly checks: JobQueue<TrackingCheckJob>;
}

/** Has the courier asked soon. `nobody-to-ask`: its numbers are entered by people, or nothing more is to come. */
export async function checkShipmentNow(
  deps: CheckNowDeps,
  shipmentKey: string,
  correlationId: string,
): Promise<'asked' | 'not-found' | 'nobody-to-ask'> {
  const key = shipmentKey as ShipmentKey;
  const shipment = await deps.shipments.get(key);
  if (shipment === undefined) return 'not-found';
  const { courier } = shipment;
  if (courier === 'manual' || isFinal(shipment.state)) return 'nobody-to-ask';
  await deps.checks.send(checkJob(courier, [key], { urgent: true, correlationId, nowMs: deps.clock.now() }));
  await noteActivity(deps, { action: 'shipment-check-asked', subject: `shipment/${key}` });
  return 'asked';
}

export type DismissedProblems =
  | { readonly outcome: 'dismissed'; readonly shipment: ReturnType<typeof shownShipment> }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'conflict' };

/** Takes away what a person has looked at; what it was stays in the activity. */
export async function dismissProblems(
  deps: Acting & { readonly shipments: Pick<ShipmentStore, 'get' | 'change'> },
  shipmentKey: string,
): Promise<DismissedProblems> {
  const key = shipmentKey as ShipmentKey;
  const shipment = await deps.shipments.get(key);
  if (shipment === undefined) return { outcome: 'not-found' };
  const problems = shipment.problems ?? [];
  if (problems.length === 0) return { outcome: 'dismissed', shipment: shownShipment(shipment) };
  const without = { ...shipment, problems: undefined };
  if ((await deps.shipments.change(without, shipment.version)) === 'conflict') return { outcome: 'conflict' };
  await noteActivity(deps, {
    action: 'shipment-problems-dismissed',
    subject: `shipment/${key}`,
    before: { problems: problems.map(({ kind }) => kind) },
  });
  return { outcome: 'dismissed', shipment: shownShipment({ ...without, version: shipment.version + 1 }) };
}

/** The same as `askForConfirmation`, by what a person sees of the order; the confirmation as it is shown. */
export async function askForConfirmationOf(
  deps: AskForConfirmationDeps,
  of: { readonly marketplace: Marketplace; readonly orderNumber: string; readonly shipmentKey: string },
  wish: ConfirmationWish,
): Promise<
  | { readonly outcome: 'asked'; readonly confirmation: ReturnType<typeof shownConfirmation> }
  | { readonly outcome: Exclude<AskedForConfirmation['outcome'], 'asked'> }
> {
  const id = {
    orderId: orderId(of.marketplace, of.orderNumber),
    shipmentKey: of.shipmentKey as ShipmentKey,
  };
  const asked = await askForConfirmation(deps, id, wish);
  return asked.outcome === 'asked'
    ? { outcome: 'asked', confirmation: shownConfirmation(asked.confirmation) }
    : { outcome: asked.outcome };
}
