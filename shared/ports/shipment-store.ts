import type { Marketplace, OrderId } from '../domain/order.ts';
import type { Courier, Shipment, ShipmentKey } from '../domain/shipment.ts';
import type { ShippingConfirmation } from '../domain/shipping-confirmation.ts';

/** That an order travels in a shipment, and which package of the order that is. */
export interface OrderPackage {
  readonly orderId: OrderId;
  readonly shipmentKey: ShipmentKey;
  /** From 1 without gaps, unique in the order, given once: a deleted shipment's number is not given again. */
  readonly packageNumber: number;
}

/** Shipments by key, with what each order has of them and what its marketplace is to be told. Holds nothing personal. */
export interface ShipmentStore {
  /** The next of a year's sender references, each given once, from 1. */
  nextSequence(year: number): Promise<number>;
  /**
   * Stores a new shipment, its packages and its first confirmations in one transaction.
   * @returns `package-taken` when another shipment of an order took its package number meanwhile, or one before it was
   * never given: number anew
   */
  create(
    shipment: Shipment,
    packages: readonly OrderPackage[],
    confirmations: readonly ShippingConfirmation[],
  ): Promise<'created' | 'exists' | 'package-taken'>;
  get(key: ShipmentKey): Promise<Shipment | undefined>;
  /** Those there are, in no order. */
  getMany(keys: readonly ShipmentKey[]): Promise<readonly Shipment[]>;
  /**
   * Stores the shipment when the stored version is `expectedVersion`, together with confirmations that were not there
   * before; one that is there already stays as it is.
   */
  change(
    shipment: Shipment,
    expectedVersion: number,
    confirmations?: readonly ShippingConfirmation[],
  ): Promise<'changed' | 'conflict'>;
  /** Moves the next check, when it still is at `seen`; the version stays. */
  moveCheck(key: ShipmentKey, seen: string, next: string | undefined): Promise<'moved' | 'conflict'>;
  /**
   * Shipments whose check has come, the longest due first.
   * @param tracking `wanted`: those whose number no marketplace could be told yet, which go first; `followed`: the others
   */
  listDue(query: {
    readonly courier: Courier;
    readonly tracking: 'wanted' | 'followed';
    readonly until: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly shipments: readonly Shipment[]; readonly cursor: string | undefined }>;
  /** Those being made at which nobody has looked by the instant at which somebody should have, the longest at first. */
  listUnattended(query: { readonly until: string; readonly limit: number }): Promise<readonly Shipment[]>;
  /** Those whose events were to be deleted by an instant, the longest overdue at first. */
  listEventsToDelete(query: { readonly until: string; readonly limit: number }): Promise<readonly Shipment[]>;
  /** Newest first. */
  list(query: {
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly shipments: readonly Shipment[]; readonly cursor: string | undefined }>;
  /** The packages of an order, by their number, with deleted ones. */
  packagesOf(orderId: OrderId): Promise<readonly OrderPackage[]>;
  /** Those of several orders, in no order: a few requests, however many orders there are. */
  packagesOfMany(orderIds: readonly OrderId[]): Promise<readonly OrderPackage[]>;
}

/** What marketplaces are to be told, one per order and shipment. */
export interface ConfirmationStore {
  get(id: {
    readonly orderId: OrderId;
    readonly shipmentKey: ShipmentKey;
  }): Promise<ShippingConfirmation | undefined>;
  /** Those there are, in no order. */
  getMany(
    ids: readonly { readonly orderId: OrderId; readonly shipmentKey: ShipmentKey }[],
  ): Promise<readonly ShippingConfirmation[]>;
  ofOrder(orderId: OrderId): Promise<readonly ShippingConfirmation[]>;
  /** Stores it when the stored version is `expectedVersion` (0: there is none). */
  change(confirmation: ShippingConfirmation, expectedVersion: number): Promise<'changed' | 'conflict'>;
  /** Those of a marketplace whose `dueAt` has come, the longest due first. */
  listDue(query: {
    readonly marketplace: Marketplace;
    readonly until: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{
    readonly confirmations: readonly ShippingConfirmation[];
    readonly cursor: string | undefined;
  }>;
}
