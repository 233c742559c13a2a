import type { Marketplace } from './order.ts';

/**
 * What the marketplaces ask of whoever ships. Data: sellers' help pages change more often than programs do, and none of
 * these figures comes with an order (docs/unverified.md).
 */
export interface ShippingStandard {
  /** Working days to hand an order over, for orders that come without a last day. */
  readonly handlingWorkingDays: number;
  /** How long after it was declared a number may be without a scan of its courier. */
  readonly firstScan: {
    readonly hours: number;
    /** The scan is wanted by the order's last day of shipping, where that is later than the declaration. */
    readonly byShipBy: boolean;
  };
  readonly lateShipment: RateStandard;
  readonly validTracking: RateStandard;
}

/** How many of a window's orders may be bad. */
export interface RateStandard {
  /** Share of the counted orders in ten-thousandths: `400` is 4 %. The standard is broken above it. */
  readonly badMaxBasisPoints: number;
  /** Nothing is broken while no more orders than this are bad, however few there are in all. */
  readonly badAllowed: number;
  readonly windowsDays: readonly number[];
}

export const SHIPPING_STANDARDS: Readonly<Record<Marketplace, ShippingStandard>> = {
  // Seller Central, "Late Shipment Rate" and "Valid Tracking Rate": below 4 %, at least 95 %.
  amazon: {
    handlingWorkingDays: 2,
    firstScan: { hours: 48, byShipBy: false },
    lateShipment: { badMaxBasisPoints: 400, badAllowed: 0, windowsDays: [10, 30] },
    validTracking: { badMaxBasisPoints: 500, badAllowed: 0, windowsDays: [10, 30] },
  },
  // Help pages "Seller levels and performance standards": Top Rated, 3 % or five orders; 95 % tracked with a scan in the
  // handling time; three months, for shops with 400 orders in them.
  ebay: {
    handlingWorkingDays: 2,
    firstScan: { hours: 24, byShipBy: true },
    lateShipment: { badMaxBasisPoints: 300, badAllowed: 5, windowsDays: [90] },
    validTracking: { badMaxBasisPoints: 500, badAllowed: 0, windowsDays: [90] },
  },
  // Integrators' guides to the Toolbox's quality page: less than 5 % late, at least 95 % with a valid number, 90 days.
  manomano: {
    handlingWorkingDays: 2,
    firstScan: { hours: 48, byShipBy: false },
    lateShipment: { badMaxBasisPoints: 500, badAllowed: 0, windowsDays: [90] },
    validTracking: { badMaxBasisPoints: 500, badAllowed: 0, windowsDays: [90] },
  },
};
