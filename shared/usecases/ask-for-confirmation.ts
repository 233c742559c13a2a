import { toldNumber } from '../domain/carrier-map.ts';
import { takesEdits } from '../domain/confirmation-decision.ts';
import { confirmationJob, type ShippingConfirmationJob } from '../domain/confirmation-job.ts';
import type { Marketplace, OrderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ShipmentKey } from '../domain/shipment.ts';
import { isUnderWay, type ShippingConfirmation } from '../domain/shipping-confirmation.ts';
import { trackingUrl } from '../domain/tracking-url.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { ConfirmationStore } from '../ports/shipment-store.ts';
import { type Acting, noteActivity } from './acting.ts';

export interface AskForConfirmationDeps extends Acting {
  readonly confirmations: ConfirmationStore;
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly queues: Readonly<Record<Marketplace, JobQueue<ShippingConfirmationJob>>>;
}

/** What a person wants of a confirmation; nothing: that it is tried again as it is. */
export interface ConfirmationWish {
  /** Another number than the one it has; where it can be followed goes with it. */
  readonly trackingNumber?: string | undefined;
  readonly trackingUrl?: string | undefined;
  /** Refused when the confirmation is another by now; undefined: whichever it is. */
  readonly expectedVersion?: number | undefined;
  /** The order may be red. */
  readonly confirmedRed?: boolean | undefined;
}

export type AskedForConfirmation =
  | { readonly outcome: 'asked'; readonly confirmation: ShippingConfirmation }
  | { readonly outcome: 'not-found' }
  /** The marketplace has this number. */
  | { readonly outcome: 'already-confirmed' }
  /** The marketplace has a number, and takes no other. */
  | { readonly outcome: 'cannot-be-edited' }
  /** Not a number of this courier's, or none that the marketplace takes. */
  | { readonly outcome: 'malformed-number' }
  /** Somebody acted on the order at its marketplace by hand: whoever asks has to say that they have looked. */
  | { readonly outcome: 'red-order' }
  /** A worker is talking to the marketplace at the moment: ask again in a few minutes. */
  | { readonly outcome: 'under-way' }
  | { readonly outcome: 'conflict'; readonly confirmation: ShippingConfirmation };

/**
 * A person asks that a marketplace be told: what was refused or left alone again, what was delivered meanwhile all the
 * same, or, where the marketplace takes edits, another number. The marketplace is asked what it has before anything is
 * sent. The number of the shipment itself stays: that is the courier's.
 */
export async function askForConfirmation(
  deps: AskForConfirmationDeps,
  id: { readonly orderId: OrderId; readonly shipmentKey: ShipmentKey },
  wish: ConfirmationWish = {},
): Promise<AskedForConfirmation> {
  const { confirmations, queues, clock, actor } = deps;
  const stored = await confirmations.get(id);
  if (stored === undefined) return { outcome: 'not-found' };
  if (wish.expectedVersion !== undefined && wish.expectedVersion !== stored.version) {
    return { outcome: 'conflict', confirmation: stored };
  }
  const wanted = wish.trackingNumber ?? stored.trackingNumber;
  const trackingNumber = toldNumber(stored.marketplace, stored.courier, wanted);
  if (trackingNumber === undefined) return { outcome: 'malformed-number' };

  const refusal = refusalOf(stored, trackingNumber, clock.now());
  if (refusal !== undefined) return { outcome: refusal };
  const record = (await deps.orders.getMany([id.orderId])).get(id.orderId);
  if (record?.manualFulfilment !== undefined && !wish.confirmedRed) return { outcome: 'red-order' };
  const now = isoInstant(clock.now());
  const asked: ShippingConfirmation = {
    ...stored,
    trackingNumber,
    trackingUrl: urlOf(stored, trackingNumber, wish),
    // Whatever was sent before, the marketplace is asked first.
    state: 'sending',
    reason: undefined,
    attempts: 0,
    dueAt: now,
    underWayUntil: undefined,
    askedBy: actor,
    replacedNumber: stored.state === 'confirmed' ? stored.trackingNumber : stored.replacedNumber,
  };
  if ((await confirmations.change(asked, stored.version)) === 'conflict') {
    const meanwhile = await confirmations.get(id);
    return meanwhile === undefined
      ? { outcome: 'not-found' }
      : { outcome: 'conflict', confirmation: meanwhile };
  }
  await noteActivity(deps, {
    action: 'shipping-confirmation-asked-for',
    subject: `order/${stored.orderId}`,
    before: valuesOf(stored),
    after: valuesOf(asked),
  });
  // Lost on its way, it is asked for again when it is due: it is already.
  await queues[stored.marketplace].send(confirmationJob(asked, `asked-for/${now}/${stored.orderId}`));
  return { outcome: 'asked', confirmation: { ...asked, version: stored.version + 1 } };
}

function refusalOf(
  confirmation: ShippingConfirmation,
  wanted: string,
  nowMs: number,
): 'under-way' | 'already-confirmed' | 'cannot-be-edited' | undefined {
  const { state, marketplace, trackingNumber } = confirmation;
  if (isUnderWay(confirmation, nowMs)) return 'under-way';
  if (state !== 'confirmed') return undefined;
  if (trackingNumber === wanted) return 'already-confirmed';
  return takesEdits(marketplace) ? undefined : 'cannot-be-edited';
}

/** The one that was entered; else the courier's page of the number. */
function urlOf(
  { courier, trackingNumber, trackingUrl: known }: ShippingConfirmation,
  wanted: string,
  wish: ConfirmationWish,
): string | undefined {
  if (wish.trackingUrl !== undefined) return wish.trackingUrl;
  return wanted === trackingNumber ? known : trackingUrl({ courier, trackingUrl: undefined }, wanted);
}

function valuesOf({ shipmentKey, state, trackingNumber }: ShippingConfirmation) {
  return { shipmentKey, state, trackingNumber };
}
