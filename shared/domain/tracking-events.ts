import type { ShipmentKey } from './shipment.ts';
import type { ShipmentState } from './tracking-state.ts';

/** One line of a courier's list. */
export interface TrackingEvent {
  /** The courier's id of this kind of event, a string (`001` is not `1`); undefined where only text came. */
  readonly code: string | undefined;
  /** The courier's words for it. */
  readonly description: string;
  /** The courier's calendar day, `YYYY-MM-DD`. */
  readonly date: string | undefined;
  /** The courier's clock, `HH:MM`; often not given. */
  readonly time: string | undefined;
  /** ISO instant; undefined when day or time is not given. */
  readonly at: string | undefined;
  readonly depot: string | undefined;
  /** Where it leads; undefined for an event that nobody has told us of: its text is kept, and a person looks. */
  readonly state: ShipmentState | undefined;
  /** The courier's own word for it is that it says nothing of a state: kept as it came, and nobody is called. */
  readonly silent?: true | undefined;
}

/** An event that nobody has told us of. */
export function isUnknown({ state, silent }: Pick<TrackingEvent, 'state' | 'silent'>): boolean {
  return state === undefined && silent !== true;
}

/** Tells a repeated event from a new one. */
export function eventKey(shipment: ShipmentKey, event: TrackingEvent): string {
  const { code, description, date, time, depot } = event;
  return JSON.stringify([shipment, code ?? description.trim().toUpperCase(), date, time, depot]);
}

/**
 * All events ever seen, oldest first, each once. The newest answer's order counts; an event that it has no more keeps
 * its place behind the one it stood behind, so that an answer read late takes nothing away.
 */
export function mergeEvents(
  shipment: ShipmentKey,
  stored: readonly TrackingEvent[],
  seen: readonly TrackingEvent[],
): { readonly events: readonly TrackingEvent[]; readonly added: readonly TrackingEvent[] } {
  const keyOf = (event: TrackingEvent): string => eventKey(shipment, event);
  const before = new Set(stored.map(keyOf));
  const merged = new Map(seen.map((event) => [keyOf(event), event] as const));
  const added = [...merged].filter(([key]) => !before.has(key)).map(([, event]) => event);

  const keys = [...merged.keys()];
  let place = -1;
  for (const event of stored) {
    const key = keyOf(event);
    const at = keys.indexOf(key);
    if (at >= 0) {
      place = at;
    } else {
      place += 1;
      keys.splice(place, 0, key);
      merged.set(key, event);
    }
  }
  const events = keys.flatMap((key) => merged.get(key) ?? []);
  return { events, added };
}
