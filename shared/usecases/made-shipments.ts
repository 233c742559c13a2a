import { CourierRefusedError } from '../domain/courier-refusal.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { Shipment, ShipmentKey, ShipmentMaking } from '../domain/shipment.ts';
import { refusable, type ShipmentRefusal, ShipmentRefusedError } from '../domain/shipment-refusal.ts';
import type { ShipmentCreator } from '../ports/shipment-creator.ts';
import type { ShipmentLabels } from '../ports/shipment-labels.ts';
import type { ShipmentStore } from '../ports/shipment-store.ts';
import { type Acting, noteActivity } from './acting.ts';
import { SETTLED_AFTER_MS } from './attempt-making.ts';

const MINUTE_MS = 60_000;
/** Tracking and people change a shipment too. */
const WRITES_MAX = 5;

export interface MadeShipmentDeps extends Acting {
  readonly shipments: Pick<ShipmentStore, 'get' | 'change'>;
  readonly creator: Pick<ShipmentCreator, 'confirm' | 'delete'>;
  readonly labels: Pick<ShipmentLabels, 'deleteFor' | 'linkTo'>;
}

export type MadeShipmentAnswer =
  | { readonly outcome: 'done'; readonly shipment: Shipment }
  | {
      readonly outcome: 'refused';
      readonly refusal: ShipmentRefusal;
      readonly retryAfterMs?: number | undefined;
    }
  /** The courier said no. */
  | { readonly outcome: 'courier-refused'; readonly problem: CourierRefusedError['reason'] };

/**
 * Confirms a shipment to a courier whose contract waits for it. Repeating it is harmless: the courier says the second time
 * that it is confirmed.
 * @returns undefined when there is no such shipment
 */
export function confirmMadeShipment(
  deps: MadeShipmentDeps,
  key: ShipmentKey,
): Promise<MadeShipmentAnswer | undefined> {
  return answered(async () => {
    const found = await deps.shipments.get(key);
    if (found === undefined) return undefined;
    const making = madeHere(found);
    if (making.state === 'confirmed') return { outcome: 'done', shipment: found };
    if (making.state !== 'made') throw new ShipmentRefusedError(refusalOfState(making));
    checkSettled(making, deps.clock.now());
    await deps.creator.confirm(found);
    const confirmedAt = isoInstant(deps.clock.now());
    const shipment = await changed(deps, found, (current) => ({
      ...current,
      making: { ...madeHere(current), state: 'confirmed', confirmedAt },
    }));
    await noteActivity(deps, { action: 'shipment-confirmed', subject: `shipment/${key}` });
    return { outcome: 'done', shipment };
  });
}

/**
 * Deletes a shipment that we made, at the courier and then here, labels included. One that the courier never had, or has no
 * more, is deleted; one that the depot has taken over is not, and a person has to call.
 * @returns undefined when there is no such shipment
 */
export function deleteMadeShipment(
  deps: MadeShipmentDeps,
  key: ShipmentKey,
): Promise<MadeShipmentAnswer | undefined> {
  return answered(async () => {
    const found = await deps.shipments.get(key);
    if (found === undefined) return undefined;
    const making = madeHere(found);
    if (making.state !== 'deleted') {
      checkSettled(making, deps.clock.now());
      // One that the courier was never told of, or plainly refused, is not there.
      if (making.madeAt !== undefined || making.triedAt !== undefined) await deps.creator.delete(found);
    }
    const shipment = await changed(deps, found, (current) => {
      const now = madeHere(current);
      // A worker has begun to make it since we looked.
      if (now.triedAt !== making.triedAt) throw new ShipmentRefusedError('changed-meanwhile');
      return {
        ...current,
        state: 'cancelled',
        nextCheckAt: undefined,
        making: { ...now, state: 'deleted', triedAt: undefined, problem: undefined, labelKeys: [] },
      };
    });
    await deps.labels.deleteFor(key);
    await noteActivity(deps, {
      action: 'shipment-deleted',
      subject: `shipment/${key}`,
      before: { making: making.state },
    });
    return { outcome: 'done', shipment };
  });
}

export type ReadLabel =
  | {
      readonly outcome: 'done';
      readonly url: string;
      readonly format: ShipmentMaking['labelFormat'];
      readonly expiresAt: string;
    }
  | { readonly outcome: 'refused'; readonly refusal: ShipmentRefusal };

/**
 * An address for the label of one parcel, for somebody who packs it. That it was asked for is written down first: a label
 * names the recipient.
 * @param parcel from 1
 * @returns undefined when there is no such shipment or parcel, or its labels went with the buyer's data
 */
export async function readLabel(
  deps: Pick<MadeShipmentDeps, 'labels' | keyof Acting> & {
    readonly shipments: Pick<ShipmentStore, 'get'>;
  },
  { shipmentKey: key, parcel }: { readonly shipmentKey: ShipmentKey; readonly parcel: number },
): Promise<ReadLabel | undefined> {
  return refusable(async () => {
    const found = await deps.shipments.get(key);
    if (found === undefined) return undefined;
    const making = madeHere(found);
    if (making.state !== 'made' && making.state !== 'confirmed') {
      throw new ShipmentRefusedError(refusalOfState(making));
    }
    const labelKey = making.labelKeys[parcel - 1];
    if (labelKey === undefined) return undefined;
    await noteActivity(deps, {
      action: 'label-read',
      subject: `shipment/${key}`,
      after: { parcel, orders: found.orders.map(({ orderId }) => orderId) },
    });
    const { url, validMs } = await deps.labels.linkTo(labelKey);
    return {
      outcome: 'done',
      url,
      format: making.labelFormat,
      expiresAt: isoInstant(deps.clock.now() + validMs),
    };
  });
}

async function answered(
  work: () => Promise<MadeShipmentAnswer | undefined>,
): Promise<MadeShipmentAnswer | undefined> {
  try {
    return await refusable(work);
  } catch (error) {
    if (error instanceof TooEarly) {
      const minutes = String(Math.ceil(error.retryAfterMs / MINUTE_MS));
      return {
        outcome: 'refused',
        refusal: { code: 'too-early', detail: minutes },
        retryAfterMs: error.retryAfterMs,
      };
    }
    if (error instanceof CourierRefusedError) return { outcome: 'courier-refused', problem: error.reason };
    throw error;
  }
}

class TooEarly extends Error {
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super('too early');
    this.retryAfterMs = retryAfterMs;
  }
}

/** What was told to the courier in the last minutes, it neither confirms nor deletes. */
function checkSettled({ madeAt, triedAt }: ShipmentMaking, nowMs: number): void {
  const toldAt = triedAt ?? madeAt;
  if (toldAt === undefined) return;
  const retryAfterMs = Date.parse(toldAt) + SETTLED_AFTER_MS - nowMs;
  if (retryAfterMs > 0) throw new TooEarly(retryAfterMs);
}

function madeHere({ making }: Shipment): ShipmentMaking {
  if (making === undefined) throw new ShipmentRefusedError('not-made-here');
  return making;
}

function refusalOfState({ state }: ShipmentMaking): 'already-deleted' | 'not-made-yet' {
  return state === 'deleted' ? 'already-deleted' : 'not-made-yet';
}

/** Stores a change, made anew on what somebody else stored in between. */
async function changed(
  { shipments }: MadeShipmentDeps,
  first: Shipment,
  change: (current: Shipment) => Shipment,
): Promise<Shipment> {
  let current: Shipment | undefined = first;
  for (let write = 0; write < WRITES_MAX && current !== undefined; write += 1) {
    const next = change(current);
    if ((await shipments.change(next, current.version)) === 'changed') {
      return { ...next, version: current.version + 1 };
    }
    current = await shipments.get(first.shipmentKey);
  }
  throw new ShipmentRefusedError('changed-meanwhile');
}
