import type { PostalAddress } from '../domain/buyer.ts';
import { CourierRefusedError } from '../domain/courier-refusal.ts';
import { RejectedError, ThrottledError, UnavailableError, UnexpectedAnswerError } from '../domain/errors.ts';
import { isoInstant } from '../domain/pull-window.ts';
import { recipientOf } from '../domain/recipient.ts';
import type { Shipment, ShipmentKey, ShipmentMaking } from '../domain/shipment.ts';
import { ShipmentRefusedError } from '../domain/shipment-refusal.ts';
import { nextCheck } from '../domain/tracking-schedule.ts';
import type { BuyerStore } from '../ports/buyer-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { CreatedShipment, ShipmentCreator, ShipmentRequest } from '../ports/shipment-creator.ts';
import type { ShipmentLabels } from '../ports/shipment-labels.ts';
import type { ShipmentStore } from '../ports/shipment-store.ts';
import { numberOf } from './shipment-contents.ts';

const MINUTE_MS = 60_000;
/** What was told to BRT is not taken back before: it says that it is still at work, or that there is nothing. */
export const SETTLED_AFTER_MS = 5 * MINUTE_MS;
/** SQS delays a message by at most this. */
const WAIT_MAX_MS = 15 * MINUTE_MS;
/** Longer than the longest wait between two looks, with its message's deliveries: nobody looks any more. */
const LOST_AFTER_MS = 20 * MINUTE_MS;
/** Some two hours with the waits between them; then a person looks whether the courier works at all. */
const ATTEMPTS_MAX = 10;
/** Somebody else has the shipment in hand. */
const CONFLICT_WAIT_MS = MINUTE_MS;

export interface AttemptMakingDeps {
  readonly shipments: Pick<ShipmentStore, 'get' | 'change'>;
  readonly buyers: BuyerStore;
  readonly creator: ShipmentCreator;
  readonly labels: ShipmentLabels;
  readonly clock: Clock;
}

export interface MakingAttempt {
  readonly shipment: Shipment;
  /** When to try again; undefined when nothing more is to be done without a person. */
  readonly laterMs?: number | undefined;
}

/**
 * Brings a reserved shipment one step nearer to being made. It may be called at any time, twice, and after a worker that
 * died: the courier ends with one shipment and the files with one set of labels.
 *
 * An attempt is stored before the courier is told. One whose end nobody knows is taken back first, and only when the
 * courier has settled it; then it is made anew under the same reference.
 */
export async function attemptMaking(
  deps: AttemptMakingDeps,
  key: ShipmentKey,
): Promise<MakingAttempt | undefined> {
  const shipment = await deps.shipments.get(key);
  if (shipment?.making?.state !== 'reserved') return shipment && { shipment };
  try {
    const cleared = await takeBackUnknown(deps, shipment, shipment.making);
    return 'laterMs' in cleared || cleared.shipment.making?.state !== 'reserved'
      ? cleared
      : await create(deps, cleared.shipment, cleared.shipment.making);
  } catch (error) {
    if (!(error instanceof ChangedMeanwhile)) throw error;
    return { shipment, laterMs: CONFLICT_WAIT_MS };
  }
}

/** Takes back an attempt of which nobody knows whether it made a shipment. */
async function takeBackUnknown(
  deps: AttemptMakingDeps,
  shipment: Shipment,
  making: ShipmentMaking,
): Promise<MakingAttempt> {
  if (making.triedAt === undefined) return { shipment };
  const settledInMs = Date.parse(making.triedAt) + SETTLED_AFTER_MS - deps.clock.now();
  if (settledInMs > 0) return { shipment, laterMs: settledInMs };
  try {
    await deps.creator.delete(shipment);
  } catch (error) {
    return endedWith(deps, shipment, { ...making, attempts: making.attempts + 1 }, error, 'unknown');
  }
  return { shipment: await change(deps, shipment, { ...making, triedAt: undefined }) };
}

async function create(
  deps: AttemptMakingDeps,
  shipment: Shipment,
  making: ShipmentMaking,
): Promise<MakingAttempt> {
  const [order] = shipment.orders;
  if (order === undefined) throw new RangeError(`shipment ${shipment.shipmentKey} has no order`);
  const buyer = await deps.buyers.getBuyer(order.orderId);
  let recipient: ReturnType<typeof recipientOf>;
  try {
    recipient = recipientOf(buyer, numberOf(order.orderId));
  } catch (error) {
    if (!(error instanceof ShipmentRefusedError)) throw error;
    // Deleted or emptied since it was reserved.
    return { shipment: await change(deps, shipment, { ...making, state: 'refused', problem: 'address' }) };
  }

  const tried: ShipmentMaking = {
    ...making,
    attempts: making.attempts + 1,
    triedAt: isoInstant(deps.clock.now()),
    problem: undefined,
  };
  const told = await change(deps, shipment, tried);
  let created: CreatedShipment;
  try {
    created = await deps.creator.create(requestOf(told, tried), recipient);
  } catch (error) {
    return endedWith(deps, told, tried, error, 'known');
  }
  return { shipment: await keep(deps, told, tried, created) };
}

/** The labels and the courier's spelling of the address first: what says that it is made says that they are there. */
async function keep(
  deps: AttemptMakingDeps,
  shipment: Shipment,
  making: ShipmentMaking,
  { parcels, warnings }: CreatedShipment,
): Promise<Shipment> {
  const labelKeys = await deps.labels.keep(
    shipment.shipmentKey,
    making.labelFormat,
    parcels.map(({ label }) => label),
  );
  for (const warning of warnings) {
    if (warning.kind === 'address-normalised') await keepAddress(deps, shipment, warning.address);
  }
  const nowMs = deps.clock.now();
  return change(
    deps,
    {
      ...shipment,
      parcels: parcels.map(({ parcelId, trackingByParcelId }) => ({ parcelId, trackingByParcelId })),
      nextCheckAt: nextCheck({ ...shipment, createdAt: isoInstant(nowMs) }, nowMs),
    },
    {
      ...making,
      state: 'made',
      triedAt: undefined,
      warnings: warnings.map(({ kind }) => kind),
      labelKeys,
      madeAt: isoInstant(nowMs),
    },
  );
}

async function keepAddress(
  { buyers }: AttemptMakingDeps,
  { orders }: Shipment,
  { name, postcode, city, province }: { name: string; postcode: string; city: string; province: string },
): Promise<void> {
  const courierAddress: PostalAddress = { name, lines: [], postalCode: postcode, city, region: province };
  for (const { orderId } of orders) {
    const buyer = await buyers.getBuyer(orderId);
    if (buyer !== undefined) await buyers.putBuyer({ ...buyer, courierAddress });
  }
}

/**
 * What follows from a failure of the courier's; any other is thrown, and the shipment stays as it was stored.
 * @param clear whether a plain no means that there is no shipment: to a deletion it does not
 */
async function endedWith(
  deps: AttemptMakingDeps,
  shipment: Shipment,
  making: ShipmentMaking,
  error: unknown,
  clear: 'known' | 'unknown',
): Promise<MakingAttempt> {
  const notThere = clear === 'known' ? { triedAt: undefined } : {};
  if (error instanceof RejectedError) {
    const problem = error instanceof CourierRefusedError ? error.reason : 'invalid';
    const refused = { ...making, ...notThere, state: 'refused', problem } as const;
    return { shipment: await change(deps, shipment, refused) };
  }
  if (error instanceof UnexpectedAnswerError) {
    const refused = { ...making, state: 'refused', problem: 'unexpected-answer' } as const;
    return { shipment: await change(deps, shipment, refused) };
  }
  if (!(error instanceof ThrottledError || error instanceof UnavailableError)) throw error;
  const gaveUp = making.attempts >= ATTEMPTS_MAX;
  const waiting: ShipmentMaking = {
    ...making,
    // A courier that is too busy has not done it.
    ...(error instanceof ThrottledError ? notThere : {}),
    state: gaveUp ? 'refused' : 'reserved',
    problem: 'unavailable',
  };
  const changed = await change(deps, shipment, waiting);
  if (gaveUp) return { shipment: changed };
  const waitMs =
    error instanceof ThrottledError
      ? error.retryAfterMs
      : SETTLED_AFTER_MS * 2 ** Math.min(making.attempts - 1, 2);
  return { shipment: changed, laterMs: Math.min(Math.max(waitMs, 1_000), WAIT_MAX_MS) };
}

/** A making with the instant by which somebody looks at it again, if it is not at its end. */
export function attended(making: ShipmentMaking, nowMs: number): ShipmentMaking {
  const { lookedAtBy: _, ...rest } = making;
  return rest.state === 'reserved' ? { ...rest, lookedAtBy: isoInstant(nowMs + LOST_AFTER_MS) } : rest;
}

class ChangedMeanwhile extends Error {}

/** Stores a step. @throws ChangedMeanwhile when the shipment is another by now: whoever changed it goes on with it */
async function change(
  { shipments, clock }: AttemptMakingDeps,
  shipment: Shipment,
  making: ShipmentMaking,
): Promise<Shipment> {
  const next: Shipment = { ...shipment, making: attended(making, clock.now()) };
  if ((await shipments.change(next, shipment.version)) === 'conflict') throw new ChangedMeanwhile();
  return { ...next, version: shipment.version + 1 };
}

function requestOf(shipment: Shipment, making: ShipmentMaking): ShipmentRequest {
  const { courierAccountId, senderReference, alphanumericReference } = shipment;
  const { parcelCount, weightGrams, volumeCm3, cashOnDelivery, insuredValue, pickUpPointId, labelFormat } =
    making;
  return {
    courierAccountId,
    senderReference,
    alphanumericReference,
    parcelCount,
    weightGrams,
    volumeCm3,
    cashOnDelivery,
    insuredValue,
    pickUpPointId,
    labelFormat,
  };
}
