import { type BrtStandIn, createBrtStandIn } from './stand-in.ts';

/** The invented shop's contract with BRT. */
export const DEMO_BRT = {
  accountId: 'demo-brt',
  userId: 'demo-brt',
  password: 'demo-brt-not-a-secret',
  customerCode: '9000001',
  departureDepot: '66',
} as const;

/** Whoever looks on sees a shipment's two days go by in less than a minute. */
const HOUR_MS = 1_000;

/** BRT for the demonstration: what is made here is picked up after two seconds and delivered after twenty. */
export function createBrtDemo(): BrtStandIn {
  return createBrtStandIn({ customer: DEMO_BRT, hourMs: HOUR_MS, now: Date.now });
}
