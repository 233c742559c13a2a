import type { AskedCourier } from './courier-account.ts';
import { isoInstant } from './pull-window.ts';
import type { Shipment, ShipmentKey } from './shipment.ts';
import { nextCheck } from './tracking-schedule.ts';

/** The job of `events/tracking-check-requested`. */
export interface TrackingCheckJob {
  readonly type: 'tracking-check-requested';
  readonly version: 1;
  readonly correlationId: string;
  readonly courier: AskedCourier;
  readonly shipmentKeys: readonly string[];
  readonly urgent: boolean;
  readonly plannedAt: string;
}

/** Shipments asked for by one job: as many as one read of the table brings without a second. */
export const CHECKS_PER_JOB_MAX = 25;

/** Asks for checks of some shipments, at most `CHECKS_PER_JOB_MAX`. */
export function checkJob(
  courier: AskedCourier,
  shipmentKeys: readonly ShipmentKey[],
  { urgent, correlationId, nowMs }: { urgent: boolean; correlationId: string; nowMs: number },
): TrackingCheckJob {
  return {
    type: 'tracking-check-requested',
    version: 1,
    correlationId,
    courier,
    shipmentKeys,
    urgent,
    plannedAt: isoInstant(nowMs),
  };
}

/**
 * Whether the shipment's following check has come meanwhile: whatever a job was late for is then left to that one. A queue
 * that stood still for a day holds one useful check of each shipment, not all of the day's.
 */
export function isSuperseded(
  shipment: Pick<Shipment, 'shipmentKey' | 'courier' | 'state' | 'createdAt'>,
  { plannedAt }: Pick<TrackingCheckJob, 'plannedAt'>,
  nowMs: number,
): boolean {
  const following = nextCheck(shipment, Date.parse(plannedAt));
  return following !== undefined && Date.parse(following) <= nowMs;
}
