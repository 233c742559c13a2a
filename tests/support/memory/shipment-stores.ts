import type { OrderId } from '../../../shared/domain/order.ts';
import { isUnattended, type Shipment, type ShipmentKey } from '../../../shared/domain/shipment.ts';
import type { ShippingConfirmation } from '../../../shared/domain/shipping-confirmation.ts';
import { checkPriority } from '../../../shared/domain/tracking-schedule.ts';
import type { ConfirmationStore, OrderPackage, ShipmentStore } from '../../../shared/ports/shipment-store.ts';

/**
 * The two stores' semantics without a database, over one state: what DynamoDB writes in one transaction is one step here.
 */
export class MemoryShipmentStores {
  readonly shipments: ShipmentStore;
  readonly confirmations: ConfirmationStore;

  constructor() {
    const confirmations = new Confirmations();
    this.confirmations = confirmations;
    this.shipments = new Shipments(confirmations);
  }
}

class Shipments implements ShipmentStore {
  readonly #sequences = new Map<number, number>();
  readonly #shipments = new Map<ShipmentKey, Shipment>();
  readonly #packages = new Map<OrderId, OrderPackage[]>();
  readonly #byTime = new SortedLists();
  readonly #due = new SortedLists();
  readonly #confirmations: Confirmations;

  constructor(confirmations: Confirmations) {
    this.#confirmations = confirmations;
  }

  async nextSequence(year: number): Promise<number> {
    const next = (this.#sequences.get(year) ?? 0) + 1;
    this.#sequences.set(year, next);
    return next;
  }

  async create(
    shipment: Shipment,
    packages: readonly OrderPackage[],
    confirmations: readonly ShippingConfirmation[],
  ): ReturnType<ShipmentStore['create']> {
    if (this.#shipments.has(shipment.shipmentKey)) return 'exists';
    const isTaken = ({ orderId, packageNumber }: Omit<OrderPackage, 'shipmentKey'>): boolean =>
      (this.#packages.get(orderId) ?? []).some((each) => each.packageNumber === packageNumber);
    const isGap = ({ orderId, packageNumber }: OrderPackage): boolean =>
      packageNumber > 1 && !isTaken({ orderId, packageNumber: packageNumber - 1 });
    if (packages.some((each) => isTaken(each) || isGap(each))) return 'package-taken';
    for (const each of packages) {
      const ofOrder = [...(this.#packages.get(each.orderId) ?? []), structuredClone(each)];
      this.#packages.set(
        each.orderId,
        ofOrder.sort((a, b) => a.packageNumber - b.packageNumber),
      );
    }
    this.#byTime.add('', `${shipment.createdAt}#${shipment.shipmentKey}`, shipment.shipmentKey);
    this.#put({ ...shipment, version: 1 });
    this.#confirmations.addMissing(confirmations);
    return 'created';
  }

  async get(key: ShipmentKey): Promise<Shipment | undefined> {
    return structuredClone(this.#shipments.get(key));
  }

  async getMany(keys: readonly ShipmentKey[]): Promise<readonly Shipment[]> {
    return this.#read([...new Set(keys)]);
  }

  async change(
    shipment: Shipment,
    expectedVersion: number,
    confirmations: readonly ShippingConfirmation[] = [],
  ): Promise<'changed' | 'conflict'> {
    if (this.#shipments.get(shipment.shipmentKey)?.version !== expectedVersion) return 'conflict';
    this.#put({ ...shipment, version: expectedVersion + 1 });
    this.#confirmations.addMissing(confirmations);
    return 'changed';
  }

  async moveCheck(key: ShipmentKey, seen: string, next: string | undefined): Promise<'moved' | 'conflict'> {
    const stored = this.#shipments.get(key);
    if (stored === undefined || stored.nextCheckAt !== seen) return 'conflict';
    this.#put({ ...stored, nextCheckAt: next });
    return 'moved';
  }

  async listDue({ courier, tracking, until, limit, cursor }: Parameters<ShipmentStore['listDue']>[0]) {
    const page = this.#due.page(`${courier}/${tracking}`, { until, limit, cursor });
    return { shipments: this.#read(page.ids), cursor: page.cursor };
  }

  async listUnattended({ until, limit }: Parameters<ShipmentStore['listUnattended']>[0]) {
    const since = ({ making }: Shipment): string => making?.lookedAtBy ?? '';
    const due = [...this.#shipments.values()].filter((shipment) => isUnattended(shipment, until));
    return structuredClone(due.sort((a, b) => (since(a) < since(b) ? -1 : 1)).slice(0, limit));
  }

  async listEventsToDelete({ until, limit }: Parameters<ShipmentStore['listEventsToDelete']>[0]) {
    const since = ({ eventsKeptUntil }: Shipment): string => eventsKeptUntil ?? '~';
    const due = [...this.#shipments.values()].filter((shipment) => since(shipment) <= until);
    return structuredClone(due.sort((a, b) => (since(a) < since(b) ? -1 : 1)).slice(0, limit));
  }

  async list({ limit, cursor }: Parameters<ShipmentStore['list']>[0]) {
    const page = this.#byTime.page('', { limit, cursor, newestFirst: true });
    return { shipments: this.#read(page.ids), cursor: page.cursor };
  }

  async packagesOf(orderId: OrderId): Promise<readonly OrderPackage[]> {
    return structuredClone(this.#packages.get(orderId) ?? []);
  }

  async packagesOfMany(orderIds: readonly OrderId[]): Promise<readonly OrderPackage[]> {
    return structuredClone([...new Set(orderIds)].flatMap((id) => this.#packages.get(id) ?? []));
  }

  #put(shipment: Shipment): void {
    const before = this.#shipments.get(shipment.shipmentKey);
    if (before?.nextCheckAt !== undefined) this.#due.remove(dueListOf(before), dueKeyOf(before));
    this.#shipments.set(shipment.shipmentKey, structuredClone(shipment));
    if (shipment.nextCheckAt !== undefined) {
      this.#due.add(dueListOf(shipment), dueKeyOf(shipment), shipment.shipmentKey);
    }
  }

  #read(keys: readonly string[]): Shipment[] {
    return keys.flatMap((key) => structuredClone(this.#shipments.get(key as ShipmentKey)) ?? []);
  }
}

class Confirmations implements ConfirmationStore {
  readonly #confirmations = new Map<string, ShippingConfirmation>();
  readonly #ofOrder = new Map<OrderId, Set<string>>();
  readonly #due = new SortedLists();

  /** One that is there already stays as it is. */
  addMissing(confirmations: readonly ShippingConfirmation[]): void {
    for (const each of confirmations) {
      if (!this.#confirmations.has(confirmationId(each))) this.#put({ ...each, version: 1 });
    }
  }

  async get(id: {
    readonly orderId: OrderId;
    readonly shipmentKey: ShipmentKey;
  }): Promise<ShippingConfirmation | undefined> {
    return structuredClone(this.#confirmations.get(confirmationId(id)));
  }

  async getMany(
    ids: readonly { readonly orderId: OrderId; readonly shipmentKey: ShipmentKey }[],
  ): Promise<readonly ShippingConfirmation[]> {
    return this.#read(ids.map(confirmationId));
  }

  async ofOrder(orderId: OrderId): Promise<readonly ShippingConfirmation[]> {
    return this.#read([...(this.#ofOrder.get(orderId) ?? [])].sort());
  }

  async change(confirmation: ShippingConfirmation, expectedVersion: number): Promise<'changed' | 'conflict'> {
    const stored = this.#confirmations.get(confirmationId(confirmation));
    if ((stored?.version ?? 0) !== expectedVersion) return 'conflict';
    this.#put({ ...confirmation, version: expectedVersion + 1 });
    return 'changed';
  }

  async listDue({ marketplace, until, limit, cursor }: Parameters<ConfirmationStore['listDue']>[0]) {
    const page = this.#due.page(marketplace, { until, limit, cursor });
    return { confirmations: this.#read(page.ids), cursor: page.cursor };
  }

  #put(confirmation: ShippingConfirmation): void {
    const id = confirmationId(confirmation);
    const before = this.#confirmations.get(id);
    if (before?.dueAt !== undefined) this.#due.remove(before.marketplace, `${before.dueAt}#${id}`);
    this.#confirmations.set(id, structuredClone(confirmation));
    const { orderId, marketplace, dueAt } = confirmation;
    this.#ofOrder.set(orderId, (this.#ofOrder.get(orderId) ?? new Set()).add(id));
    if (dueAt !== undefined) this.#due.add(marketplace, `${dueAt}#${id}`, id);
  }

  #read(ids: readonly string[]): ShippingConfirmation[] {
    return ids.flatMap((id) => structuredClone(this.#confirmations.get(id)) ?? []);
  }
}

/** Lists kept in order of a key, as an index keeps them: a month's simulation asks for what is due 40,000 times. */
class SortedLists {
  readonly #lists = new Map<string, { readonly key: string; readonly id: string }[]>();

  add(list: string, key: string, id: string): void {
    const sorted = this.#lists.get(list) ?? [];
    this.#lists.set(list, sorted);
    sorted.splice(firstFrom(sorted, key), 0, { key, id });
  }

  remove(list: string, key: string): void {
    const sorted = this.#lists.get(list) ?? [];
    const at = firstFrom(sorted, key);
    if (sorted[at]?.key === key) sorted.splice(at, 1);
  }

  page(
    list: string,
    query: {
      readonly until?: string | undefined;
      readonly limit: number;
      readonly cursor: string | undefined;
      readonly newestFirst?: boolean;
    },
  ): { readonly ids: string[]; readonly cursor: string | undefined } {
    const all = this.#lists.get(list) ?? [];
    const sorted = query.newestFirst ? all.toReversed() : all;
    const start = query.cursor === undefined ? 0 : this.#placeAfter(sorted, list, query.cursor);
    const shown = sorted.slice(start, start + query.limit);
    // Keys begin with an instant: `:` comes behind the `#` that ends it.
    const due = shown.filter(({ key }) => query.until === undefined || key < `${query.until}:`);
    const ended = due.length < shown.length || start + query.limit >= sorted.length;
    return { ids: due.map(({ id }) => id), cursor: ended ? undefined : `${list} ${due.at(-1)?.key}` };
  }

  #placeAfter(sorted: readonly { readonly key: string }[], list: string, cursor: string): number {
    if (!cursor.startsWith(`${list} `)) throw new RangeError('not a cursor of this list');
    const key = cursor.slice(list.length + 1);
    const ascending = (sorted[0]?.key ?? '') <= (sorted.at(-1)?.key ?? '');
    const at = sorted.findIndex((each) => (ascending ? each.key > key : each.key < key));
    return at < 0 ? sorted.length : at;
  }
}

function firstFrom(sorted: readonly { readonly key: string }[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.key ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function confirmationId({ orderId, shipmentKey }: { orderId: OrderId; shipmentKey: ShipmentKey }): string {
  return `${orderId}#${shipmentKey}`;
}

function dueListOf(shipment: Shipment): string {
  return `${shipment.courier}/${checkPriority(shipment)}`;
}

function dueKeyOf({ nextCheckAt, shipmentKey }: Shipment): string {
  return `${nextCheckAt}#${shipmentKey}`;
}
