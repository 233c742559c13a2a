import { RejectedError, ThrottledError, UnavailableError } from '../../../shared/domain/errors.ts';
import type { Marketplace, Order } from '../../../shared/domain/order.ts';
import {
  AlreadyInPackageError,
  type ConfirmedPackage,
  type RemotePackage,
  type ShippingConfirmer,
  type SoughtPackage,
} from '../../../shared/ports/shipping-confirmer.ts';
import { anOrder } from '../../support/orders.ts';
import type { Faults } from '../faults.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { isOut } from './brt.ts';
import type { OrderPlan, Outage } from './plan.ts';

/** One parcel as a marketplace has it. */
export interface ToldPackage {
  readonly by: 'us' | 'a person';
  /** Amazon's reference of it. */
  readonly packageNumber: number | undefined;
  readonly trackingNumber: string;
  readonly carrierCode: string;
  readonly carrierName: string | undefined;
  readonly trackingUrl: string | undefined;
  /** Units by order line. */
  readonly contents: ReadonlyMap<string, number>;
  readonly atMs: number;
}

/** An order with everything that its marketplace believes. */
export class RemoteOrder {
  readonly plan: OrderPlan;
  readonly packages: ToldPackage[] = [];
  cancelledAtMs: number | undefined;
  cancellationAsked = false;
  /** Goes up with each change, as `updatedAt` does. */
  #updatedMs: number;

  constructor(plan: OrderPlan, atMs: number) {
    this.plan = plan;
    this.#updatedMs = atMs;
  }

  /** Units of a line that are in no package; fewer than none when somebody was told twice. */
  open(orderLineId: string): number {
    const ordered = this.plan.lines.find((line) => line.orderLineId === orderLineId)?.quantity ?? 0;
    return this.packages.reduce((left, { contents }) => left - (contents.get(orderLineId) ?? 0), ordered);
  }
  get isShipped(): boolean {
    return this.plan.lines.every(({ orderLineId }) => this.open(orderLineId) <= 0);
  }

  change(nowMs: number): void {
    this.#updatedMs = Math.max(nowMs, this.#updatedMs + 1);
  }

  /** As a pull brings it. */
  shown(): Order {
    const { marketplace, marketplaceOrderId, lines, marketplaceShips } = this.plan;
    return anOrder({
      orderId: `${marketplace}:${marketplaceOrderId}` as Order['orderId'],
      ...{ marketplace, marketplaceOrderId, accountId: 'SHOP', channelId: marketplace, siteId: '1' },
      updatedAt: new Date(this.#updatedMs).toISOString(),
      status: this.#status(),
      fulfilledBy: marketplaceShips ? 'marketplace' : 'merchant',
      lines: lines.map(({ orderLineId, sku, quantity }) => ({
        ...{ orderLineId, sku, productId: undefined, title: undefined },
        quantityOrdered: quantity,
        quantityFulfilled: Math.min(quantity, quantity - this.open(orderLineId)),
        ...{ total: undefined, unitPrice: undefined, breakdown: [], customised: false },
        cancellationRequested: this.cancellationAsked,
      })),
    });
  }

  #status(): Order['status'] {
    if (this.cancelledAtMs !== undefined) return 'cancelled';
    if (this.isShipped) return 'shipped';
    return this.packages.length > 0 ? 'partly-shipped' : 'unshipped';
  }
}

/**
 * The three marketplaces, each with its own way of taking what it is told: Amazon replaces a package by its number, eBay
 * adds another fulfilment each time, ManoMano says that the goods are in a package already and not in which.
 */
export class Marketplaces {
  readonly orders = new Map<string, RemoteOrder>();
  /** Told of every change that a pull will bring. */
  onChange: (order: RemoteOrder) => void = () => {};
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  readonly #random: Random;
  readonly #outages: readonly Outage[];

  constructor(scheduler: Scheduler, faults: Faults, random: Random, outages: readonly Outage[]) {
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#random = random.for('marketplaces');
    this.#outages = outages;
  }

  confirmer(marketplace: Marketplace): ShippingConfirmer {
    return {
      confirm: async (order, parcel) => {
        const remote = this.#reach(marketplace, order.orderId);
        const isLost = this.#faults.happens('partnerDown');
        // Of the calls without an answer, half have done their work.
        if (isLost && this.#random.chance(0.5)) throw new UnavailableError(marketplace, 'confirm: 503');
        this.#take(remote, { ...parcel, lines: linesSaid(order, parcel) });
        this.changed(remote);
        if (isLost) throw new UnavailableError(marketplace, 'confirm: no answer');
      },
      find: async ({ orderId }, parcel) => {
        const remote = this.#reach(marketplace, orderId);
        if (this.#faults.happens('partnerDown')) throw new UnavailableError(marketplace, 'find: 503');
        return found(remote, parcel);
      },
    };
  }

  changed(remote: RemoteOrder): void {
    remote.change(this.#scheduler.nowMs);
    this.onChange(remote);
  }

  cancel(remote: RemoteOrder): void {
    if (remote.packages.length > 0) return;
    remote.cancelledAtMs = this.#scheduler.nowMs;
    this.changed(remote);
  }

  /** Nobody ships by hand what is shipped, or cancelled. */
  shipByHand(remote: RemoteOrder, trackingNumber: string): void {
    if (remote.packages.length > 0 || remote.cancelledAtMs !== undefined) return;
    remote.packages.push({
      ...{ by: 'a person', packageNumber: undefined, trackingNumber, carrierCode: 'BY HAND' },
      ...{ carrierName: undefined, trackingUrl: undefined, atMs: this.#scheduler.nowMs },
      contents: contentsOf(remote, []),
    });
    this.changed(remote);
  }

  isOutBetween(marketplace: Marketplace, fromMs: number, untilMs: number): boolean {
    return this.#outages.some(
      (outage) => outage.who === marketplace && outage.fromMs < untilMs && fromMs < outage.untilMs,
    );
  }

  #reach(marketplace: Marketplace, orderId: string): RemoteOrder {
    const outages = this.#outages.filter(({ who }) => who === marketplace);
    if (isOut(outages, this.#scheduler.nowMs)) throw new UnavailableError(marketplace, 'out');
    if (this.#faults.happens('throttle')) {
      const retryAfterMs = this.#random.int(1_000, 60_000);
      throw new ThrottledError(marketplace, '429', { retryAfterMs });
    }
    const remote = this.orders.get(orderId);
    if (remote?.plan.marketplace !== marketplace) throw new RangeError(`${marketplace} has no ${orderId}`);
    return remote;
  }

  #take(remote: RemoteOrder, parcel: ConfirmedPackage): void {
    const { marketplace, marketplaceShips } = remote.plan;
    if (remote.cancelledAtMs !== undefined || marketplaceShips) {
      throw new RejectedError(marketplace, 'confirm: 400', { status: 400 });
    }
    const { packageNumber, trackingNumber, carrierCode, carrierName, trackingUrl } = parcel;
    const contents = contentsOf(remote, parcel.lines);
    const told: ToldPackage = {
      ...{ by: 'us', packageNumber, trackingNumber, carrierCode, carrierName, trackingUrl, contents },
      atMs: this.#scheduler.nowMs,
    };
    const isLeft = [...contents].every(([line, quantity]) => remote.open(line) >= quantity);
    switch (marketplace) {
      case 'amazon': {
        const at = remote.packages.findIndex((each) => each.packageNumber === packageNumber);
        if (at >= 0) remote.packages[at] = told;
        else if (isLeft) remote.packages.push(told);
        else throw new RejectedError(marketplace, 'confirm: 400', { status: 400 });
        return;
      }
      case 'ebay':
        remote.packages.push(told);
        return;
      case 'manomano':
        if (!isLeft) throw new AlreadyInPackageError(marketplace, 'confirm: 207', { status: 207 });
        remote.packages.push(told);
    }
  }
}

/** What each marketplace says of a package, and no more. */
function found(remote: RemoteOrder, { packageNumber, trackingNumber, lines }: SoughtPackage): RemotePackage {
  switch (remote.plan.marketplace) {
    case 'amazon': {
      const own = remote.packages.find((each) => each.packageNumber === packageNumber);
      if (own === undefined) return { found: 'no' };
      const told = own.trackingNumber;
      return told === trackingNumber ? { found: 'same' } : { found: 'other', trackingNumber: told };
    }
    case 'ebay': {
      if (remote.packages.some((each) => each.trackingNumber === trackingNumber)) return { found: 'same' };
      const wanted = contentsOf(remote, lines);
      const isGone = [...wanted].every(
        ([line, quantity]) => remote.open(line) < (lines.length > 0 ? quantity : 1),
      );
      const last = remote.packages.at(-1)?.trackingNumber;
      return isGone ? { found: 'other', trackingNumber: last } : { found: 'no' };
    }
    case 'manomano':
      return { found: remote.isShipped ? 'shipped' : 'no' };
  }
}

/** As eBay's adapter says it of an order of which a part is gone; the others say what they are told to. */
function linesSaid(
  { marketplace, status, lines }: Order,
  parcel: ConfirmedPackage,
): ConfirmedPackage['lines'] {
  if (marketplace !== 'ebay' || parcel.lines.length > 0 || status !== 'partly-shipped') return parcel.lines;
  return lines.flatMap(({ orderLineId, quantityOrdered, quantityFulfilled }) =>
    quantityFulfilled < quantityOrdered
      ? [{ orderLineId, quantity: quantityOrdered - quantityFulfilled }]
      : [],
  );
}

/** Nothing said is the whole order. */
function contentsOf({ plan }: RemoteOrder, lines: ConfirmedPackage['lines']): Map<string, number> {
  return lines.length > 0
    ? new Map(lines.map(({ orderLineId, quantity }) => [orderLineId, quantity]))
    : new Map(plan.lines.map(({ orderLineId, quantity }) => [orderLineId, quantity]));
}
