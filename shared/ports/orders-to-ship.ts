import type { Shipment } from '../domain/shipment.ts';
import type { OrderRecord } from './order-store.ts';

/** Where an order stands among all that have to leave: its last instant and id. Comparable as text. */
export type ToShipPosition = string;

/** Orders that we still have to ship, of all channels, the one that has to leave first at first. */
export interface OrdersToShip {
  list(query: {
    readonly limit: number;
    /** Only orders after this one. */
    readonly after?: ToShipPosition | undefined;
  }): Promise<{
    readonly found: readonly { readonly position: ToShipPosition; readonly record: OrderRecord }[];
    /** False when there is none behind them. */
    readonly more: boolean;
  }>;
}

/** Shipments whose number a marketplace has, or is about to have, and that no courier has scanned. */
export interface ShipmentsToScan {
  /** The latest known first. @param since the instant at which their number became known, or later */
  list(query: { readonly since: string; readonly limit: number }): Promise<readonly Shipment[]>;
}
