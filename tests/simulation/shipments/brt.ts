import { type BrtStandIn, createBrtStandIn } from '../../../local/partners/brt/stand-in.ts';
import { type BrtScenario, STORIES } from '../../../local/partners/brt/stories.ts';
import { createBrtClients } from '../../../shared/adapters/brt/client.ts';
import { createBrtTracker } from '../../../shared/adapters/brt/tracker.ts';
import type {
  ShipmentTracker,
  TrackingAnswer,
  TrackingRefs,
} from '../../../shared/ports/shipment-tracker.ts';
import { partnerFetch } from '../../support/partner-fetch.ts';
import type { Faults } from '../faults.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Outage } from './plan.ts';

export const BRT_ACCOUNT_ID = 'shop';
const CUSTOMER = {
  accountId: BRT_ACCOUNT_ID,
  userId: 'shop',
  password: 'not-a-secret',
  customerCode: '9000001',
  departureDepot: '66',
};
const TROUBLES = ['dropped', 'dropped-after', 'server-error', 'generic', 'busy', 'fault'] as const;

interface Life {
  readonly scenario: BrtScenario;
  readonly madeAtMs: number;
  readonly shipmentId: string;
  readonly parcels: readonly string[];
}

/** What is so, whoever has been told. */
export interface ShipmentTruth {
  /** When the number can be seen; undefined for never. */
  readonly numberAtMs: number | undefined;
  readonly number: string;
  readonly ends: 'delivered' | 'returned' | undefined;
  /** When the first word of the end can be seen. */
  readonly endAtMs: number;
}

/**
 * BRT behind the real client: the stand-in answers its calls, with a truth of its own. What is shown of a shipment changes
 * a few times in its life, and is asked for a hundred times: the same question about the same is read once.
 */
export class Brt implements ShipmentTracker {
  /** Every call, in order. */
  readonly calledAtMs: number[] = [];
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  readonly #random: Random;
  readonly #hourMs: number;
  readonly #outages: readonly Outage[];
  readonly #standIn: BrtStandIn;
  readonly #tracker: ShipmentTracker;
  readonly #lives = new Map<string, Life>();
  readonly #answers = new Map<string, { readonly answer: TrackingAnswer; readonly calls: number }>();
  readonly #earlier = new Map<string, { readonly way: string; readonly answer: TrackingAnswer }[]>();
  readonly #fetch: typeof fetch;

  constructor(
    scheduler: Scheduler,
    faults: Faults,
    random: Random,
    { hourMs, outages }: { readonly hourMs: number; readonly outages: readonly Outage[] },
  ) {
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#random = random.for('brt');
    this.#hourMs = hourMs;
    this.#outages = outages.filter(({ who }) => who === 'brt');
    this.#standIn = createBrtStandIn({ customer: CUSTOMER, hourMs, now: () => scheduler.nowMs });
    this.#tracker = createBrtTracker(createBrtClients({ getCredentials: async () => CUSTOMER }));
    const answering = partnerFetch(this.#standIn);
    this.#fetch = (input, init) => {
      this.calledAtMs.push(scheduler.nowMs);
      return answering(input, init);
    };
  }

  /** The shipment begins at BRT now. */
  make(reference: string, scenario: BrtScenario, parcelCount: number): void {
    const { shipmentId, parcels } = this.#standIn.make({
      numericSenderReference: reference,
      scenario,
      parcelCount,
    });
    const names = parcels.map(({ trackingByParcelID }) => trackingByParcelID);
    this.#lives.set(reference, {
      ...{ scenario, shipmentId, madeAtMs: this.#scheduler.nowMs, parcels: names },
    });
  }

  /** @throws RangeError before it is made */
  life(reference: string): Life {
    const life = this.#lives.get(reference);
    if (life === undefined) throw new RangeError(`BRT has not heard of ${reference}`);
    return life;
  }

  /** Of one that BRT has not heard of yet, nothing is so. */
  truth(reference: string): ShipmentTruth {
    const life = this.#lives.get(reference);
    if (life === undefined) return { numberAtMs: undefined, number: '', ends: undefined, endAtMs: 0 };
    const { scenario, madeAtMs, shipmentId } = life;
    const { takenOverAtHours, ends } = STORIES[scenario];
    return {
      numberAtMs: takenOverAtHours === undefined ? undefined : madeAtMs + takenOverAtHours * this.#hourMs,
      number: shipmentId,
      ends: ends?.as,
      endAtMs: madeAtMs + (ends?.atHours ?? 0) * this.#hourMs,
    };
  }

  async track(refs: TrackingRefs): Promise<TrackingAnswer> {
    const trouble = this.#trouble();
    if (trouble !== undefined) {
      this.#standIn.trouble(trouble, 1);
      return this.#ask(refs);
    }
    const way = wayOf(refs);
    const earlier = this.#earlier.get(refs.senderReference) ?? [];
    const old = earlier.filter((each) => each.way === way);
    // One of BRT's machines is behind the others.
    if (old.length > 0 && this.#faults.happens('late')) {
      this.calledAtMs.push(this.#scheduler.nowMs);
      return this.#random.pick(old).answer;
    }
    const key = `${refs.senderReference} ${way} ${this.#shown(refs.senderReference)}`;
    const known = this.#answers.get(key);
    if (known !== undefined) {
      for (let call = 0; call < known.calls; call += 1) this.calledAtMs.push(this.#scheduler.nowMs);
      return known.answer;
    }
    const before = this.calledAtMs.length;
    const answer = await this.#ask(refs);
    this.#answers.set(key, { answer, calls: this.calledAtMs.length - before });
    this.#earlier.set(refs.senderReference, [...earlier, { way, answer }]);
    return answer;
  }

  /** The most calls in any hour, wherever it begins. */
  busiestHour(): number {
    let most = 0;
    let first = 0;
    for (const [last, atMs] of this.calledAtMs.entries()) {
      while ((this.calledAtMs[first] ?? atMs) <= atMs - 3_600_000) first += 1;
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  #trouble(): Parameters<BrtStandIn['trouble']>[0] | undefined {
    if (isOut(this.#outages, this.#scheduler.nowMs)) return this.#random.pick(['dropped', 'server-error']);
    if (this.#faults.happens('partnerDown')) return this.#random.pick(TROUBLES);
    return this.#faults.happens('throttle') ? 'throttled' : undefined;
  }

  /** Everything that a list shows now and did not before, and the year that is running. */
  #shown(reference: string): string {
    const life = this.#lives.get(reference);
    if (life === undefined) return 'nothing';
    const hours = (this.#scheduler.nowMs - life.madeAtMs) / this.#hourMs;
    const { steps, notes, takenOverAtHours } = STORIES[life.scenario];
    const listed = steps.filter(({ atHours, shownAtHours }) => (shownAtHours ?? atHours) <= hours).length;
    const noted = notes.filter(({ atHours }) => atHours <= hours).length;
    const takenOver = takenOverAtHours !== undefined && takenOverAtHours <= hours;
    // In Rome the year begins an hour earlier.
    const year = new Date(this.#scheduler.nowMs + 3_600_000).getUTCFullYear();
    return [listed, noted, takenOver, year].join(' ');
  }

  async #ask(refs: TrackingRefs): Promise<TrackingAnswer> {
    const real = globalThis.fetch;
    globalThis.fetch = this.#fetch;
    try {
      return await this.#scheduler.hold(this.#tracker.track(refs));
    } finally {
      globalThis.fetch = real;
    }
  }
}

export function isOut(outages: readonly Outage[], nowMs: number): boolean {
  return outages.some(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs);
}

function wayOf({ parcels, courierShipmentId }: TrackingRefs): string {
  return `${parcels[0]?.trackingByParcelId} ${courierShipmentId?.id} ${courierShipmentId?.year}`;
}
