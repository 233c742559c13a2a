import { isoInstant } from './pull-window.ts';
import type { Courier, Shipment } from './shipment.ts';
import { isFinal } from './tracking-state.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * How long after its end a shipment's events may be kept, for couriers that want them deleted.
 * Source of DHL's: terms of the Unified tracking as others quote them; DHL's own page was not seen (docs/unverified.md).
 */
const KEPT_AFTER_END_MS: Readonly<Partial<Record<Courier, number>>> = { dhl: 30 * DAY_MS };

type Followed = Pick<Shipment, 'courier' | 'state' | 'deliveredAt' | 'eventsKeptUntil'>;

/**
 * When a shipment's events are to be deleted; undefined while nothing is to be. An instant once set stays.
 * @param end `given-up`: nobody asks any more, though it came to no end
 */
export function keptUntil(shipment: Followed, nowMs: number, end?: 'given-up'): string | undefined {
  const keptMs = KEPT_AFTER_END_MS[shipment.courier];
  if (keptMs === undefined || (end === undefined && !isFinal(shipment.state)))
    return shipment.eventsKeptUntil;
  const endedMs = shipment.deliveredAt === undefined ? nowMs : Date.parse(shipment.deliveredAt);
  return shipment.eventsKeptUntil ?? isoInstant(endedMs + keptMs);
}

/** A shipment without its events: what they led to stays. */
export function withoutEvents(shipment: Shipment, nowMs: number): Shipment {
  const { eventsKeptUntil: _, ...rest } = shipment;
  return { ...rest, events: [], eventsDeletedAt: isoInstant(nowMs) };
}
