import type { AskedCourier } from './courier-account.ts';

/** How many calls a courier takes, for all calls of one account together. */
interface CourierPace {
  /**
   * A call needs one of each. The one that grows back soonest stands first: what it gave for a call that the next one
   * refuses is not missed.
   */
  readonly allowances: readonly {
    readonly name: string;
    readonly ratePerSecond: number;
    readonly burst: number;
  }[];
  /** So many calls are left to checks for a number that a marketplace waits for, and to people. */
  readonly keptForUrgent: number;
}

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** For couriers that publish no figure: slow enough for anybody. */
const UNSTATED: CourierPace = {
  allowances: [{ name: 'calls', ratePerSecond: 1, burst: 10 }],
  keptForUrgent: 5,
};

const PACES: Readonly<Record<AskedCourier, CourierPace>> = {
  /**
   * 18,000 calls in an hour. What a full bucket gives at once and what it gains in an hour make 18,000 together, so that
   * no hour ever sees more. It holds what a minute brings and what is kept: planned every minute, none of it runs over.
   */
  brt: {
    allowances: [{ name: 'calls', ratePerSecond: 17_600 / HOUR_SECONDS, burst: 400 }],
    keptForUrgent: 60,
  },
  gls: UNSTATED,
  /** 250 calls a day, in the same way, and one in five seconds (Shipment Tracking – Unified, "Rate limits"). */
  dhl: {
    allowances: [
      { name: 'spacing', ratePerSecond: 1 / 5, burst: 1 },
      { name: 'calls', ratePerSecond: 200 / DAY_SECONDS, burst: 50 },
    ],
    keptForUrgent: 20,
  },
  poste: UNSTATED,
  ups: UNSTATED,
};

/** The buckets that a call of an account is taken from, all of them in this order. */
export function courierBuckets(
  courier: AskedCourier,
  courierAccountId: string,
): readonly { readonly bucket: string; readonly plan: { ratePerSecond: number; burst: number } }[] {
  return PACES[courier].allowances.map(({ name, ...plan }) => ({
    bucket: `${courier}/${courierAccountId}/${name}`,
    plan,
  }));
}

/** How many calls a check must leave in each bucket. */
export function callsKept(courier: AskedCourier, urgent: boolean): number {
  return urgent ? 0 : PACES[courier].keptForUrgent;
}
