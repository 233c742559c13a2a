import { isoInstant } from './pull-window.ts';
import type { Shipment } from './shipment.ts';
import { isFinal } from './tracking-state.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The first checks after a shipment exists. */
const FIRST_CHECKS_MINUTES = [5, 15, 30, 60] as const;
/** From the first hour on it is every hour, until this. */
const HOURLY_UNTIL_MS = DAY_MS;
const LATER_EVERY_MS = 4 * HOUR_MS;
/** After this nobody asks any more; a person may. */
const GIVEN_UP_AFTER_MS = 30 * DAY_MS;

/**
 * When a shipment is to be asked for next: after 5, 15, 30 and 60 minutes, every hour for a day, then every four hours
 * until it is at an end or 30 days old. The instants depend on the shipment alone, so a check that was late or done
 * twice moves none of them.
 *
 * There is no slower night: couriers give a shipment its number in the evening, and the checks of many shipments
 * fit the hourly allowance better when no hours are left out.
 * @returns ISO instant; undefined when there is nothing more to ask
 */
export function nextCheck(
  shipment: Pick<Shipment, 'shipmentKey' | 'courier' | 'state' | 'createdAt'>,
  nowMs: number,
): string | undefined {
  if (shipment.courier === 'manual' || isFinal(shipment.state)) return undefined;
  const createdMs = Date.parse(shipment.createdAt);
  const ageMs = nowMs - createdMs;
  const nextAgeMs = ageOfNextCheck(ageMs, phaseMs(shipment.shipmentKey));
  return nextAgeMs > GIVEN_UP_AFTER_MS ? undefined : isoInstant(createdMs + nextAgeMs);
}

/** Which checks go first when not all can be made: those for a number that no marketplace could be told yet. */
export function checkPriority({ trackingNumber }: Pick<Shipment, 'trackingNumber'>): 'wanted' | 'followed' {
  return trackingNumber === undefined ? 'wanted' : 'followed';
}

/** A shipment that never came to an end: nobody asks for it any more. */
export function isGivenUp(shipment: Pick<Shipment, 'state' | 'createdAt'>, nowMs: number): boolean {
  return !isFinal(shipment.state) && nowMs - Date.parse(shipment.createdAt) > GIVEN_UP_AFTER_MS;
}

function ageOfNextCheck(ageMs: number, phase: number): number {
  const first = FIRST_CHECKS_MINUTES.find((minutes) => minutes * MINUTE_MS > ageMs);
  if (first !== undefined) return first * MINUTE_MS;
  if (ageMs < HOURLY_UNTIL_MS) return (Math.floor(ageMs / HOUR_MS) + 1) * HOUR_MS;
  const slots = Math.floor((ageMs - HOURLY_UNTIL_MS - phase) / LATER_EVERY_MS) + 1;
  return HOURLY_UNTIL_MS + phase + slots * LATER_EVERY_MS;
}

/**
 * A shop makes its labels of a day within minutes: the later checks are spread over the four hours, by the key,
 * so that they are not asked for within minutes too.
 */
function phaseMs(key: string): number {
  // FNV-1a: spreads keys that differ in their last digits only.
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193) >>> 0;
  return ((hash % (LATER_EVERY_MS / MINUTE_MS)) + 1) * MINUTE_MS;
}
