import { isoInstant } from './pull-window.ts';
import type { Shipment, ShipmentProblem } from './shipment.ts';
import { isTellable } from './shipping-confirmation.ts';
import { hasMoved, type TrackingAlert, type TrackingFound, withTracking } from './tracking.ts';
import { isUnknown } from './tracking-events.ts';
import { keptUntil } from './tracking-keeping.ts';
import { nextCheck } from './tracking-schedule.ts';
import { isFinal } from './tracking-state.ts';

/** Goods that have not moved by then were perhaps never handed over. */
const NEVER_MOVED_AFTER_MS = 24 * 3_600_000;

/** What a courier answered, or why nothing could be made of it. */
export type CheckAnswer =
  | { readonly found: 'not-yet' }
  | ({ readonly found: 'yes' } & TrackingFound)
  | {
      readonly found: 'nothing-usable';
      readonly problem: Pick<ShipmentProblem, 'detail'> & {
        readonly kind: 'unknown-shape' | 'tracking-refused';
      };
    };

export interface CheckedShipment {
  /** The very shipment that was given when there is nothing to store. */
  readonly shipment: Shipment;
  /** A marketplace can be told a number that it could not be told before. */
  readonly becameTellable: boolean;
  /** Problems that were not there before. */
  readonly raised: readonly ShipmentProblem[];
}

/**
 * A shipment after a check: with what the courier told, when it is asked again, and what a person has to look at. A problem
 * is raised once; what an answer shows to be none any more is taken away.
 */
export function afterCheck(shipment: Shipment, answer: CheckAnswer, nowMs: number): CheckedShipment {
  const update = answer.found === 'yes' ? withTracking(shipment, answer, nowMs) : undefined;
  const told = update?.shipment ?? shipment;
  const nextCheckAt = nextCheck(told, nowMs);

  const stored = shipment.problems ?? [];
  const kept = stored.filter((problem) => isStillOne(problem, told, answer));
  const found = [
    ...(answer.found === 'nothing-usable' ? [answer.problem] : []),
    ...(update?.alerts ?? []).map(problemOf),
    ...(neverMoved(told, answer, nowMs) ? [{ kind: 'never-moved' as const }] : []),
    ...(nextCheckAt === undefined ? endless(told) : []),
  ];
  const raised = withoutRepeats(found, kept).map((problem) => ({ ...problem, at: isoInstant(nowMs) }));

  const problemsChanged = raised.length > 0 || kept.length < stored.length;
  if (update?.changed !== true && !problemsChanged) return { shipment, becameTellable: false, raised };
  const problems = [...kept, ...raised];
  const next: Shipment = {
    ...told,
    nextCheckAt,
    problems: problems.length === 0 ? undefined : problems,
  };
  return { shipment: next, becameTellable: isTellable(next) && !isTellable(shipment), raised };
}

/**
 * A shipment whose last check has been asked for without its having come to an end; undefined when it will be asked for
 * again, or is at an end.
 */
export function givenUp(shipment: Shipment, nowMs: number): Shipment | undefined {
  if (nextCheck(shipment, nowMs) !== undefined || isFinal(shipment.state)) return undefined;
  const others = (shipment.problems ?? []).filter(({ kind }) => kind !== 'given-up');
  return {
    ...shipment,
    nextCheckAt: undefined,
    eventsKeptUntil: keptUntil(shipment, nowMs, 'given-up'),
    problems: [...others, { kind: 'given-up', at: isoInstant(nowMs) }],
  };
}

type Found = Pick<ShipmentProblem, 'kind' | 'detail'>;

/** Each of them once, and none that is known. */
function withoutRepeats(found: readonly Found[], known: readonly Found[]): readonly Found[] {
  const isSame = (a: Found) => (b: Found) => a.kind === b.kind && a.detail === b.detail;
  return found.filter((each, n) => !known.some(isSame(each)) && found.findIndex(isSame(each)) === n);
}

function isStillOne({ kind }: ShipmentProblem, { state }: Shipment, answer: CheckAnswer): boolean {
  if (kind === 'unknown-shape' || kind === 'tracking-refused') return answer.found === 'nothing-usable';
  if (kind === 'never-moved') return !hasMoved(state);
  return kind !== 'given-up' || !isFinal(state);
}

function neverMoved({ state, createdAt, events }: Shipment, answer: CheckAnswer, nowMs: number): boolean {
  // A courier that tells nothing usable says nothing of the goods either.
  if (answer.found === 'nothing-usable' || hasMoved(state)) return false;
  return !events.some(isUnknown) && !isFinal(state) && nowMs - Date.parse(createdAt) >= NEVER_MOVED_AFTER_MS;
}

function endless({ state }: Shipment): readonly Found[] {
  return isFinal(state) ? [] : [{ kind: 'given-up' }];
}

function problemOf(alert: TrackingAlert): Found {
  switch (alert.kind) {
    case 'unknown-event':
      return { kind: alert.kind, detail: alert.event.code };
    case 'other-shipment-id':
      return { kind: alert.kind, detail: alert.shipmentId };
    case 'delivery-was-return':
    case 'delivered-after-refusal':
      return { kind: alert.kind };
  }
}
