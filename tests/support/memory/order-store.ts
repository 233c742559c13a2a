import type { PersonalDataState } from '../../../shared/domain/buyer.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger.ts';
import type { Order, OrderId } from '../../../shared/domain/order.ts';
import type { ManualFulfilment, OpenRemoteAction } from '../../../shared/domain/remote-action.ts';
import type { OrderRecord, OrderStore } from '../../../shared/ports/order-store.ts';

interface Row {
  readonly accountId: string;
  readonly marketplaceOrderId: string;
  readonly order: Order | undefined;
  readonly personalData: PersonalDataState | undefined;
  readonly customisationMissing: boolean;
  readonly entries: Readonly<Record<string, LedgerEntry>>;
  readonly entriesVersion: number;
  readonly waitingSince: string | undefined;
  readonly manualFulfilment?: ManualFulfilment | undefined;
  readonly openRemoteAction?: OpenRemoteAction | undefined;
}

/** The order store's semantics without a database: the same conditions, each method one atomic step. */
export class MemoryOrderStore implements OrderStore {
  readonly #rows = new Map<OrderId, Row>();

  /** Everything there is, in no order. */
  all(): readonly OrderRecord[] {
    return [...this.#rows].map(([id, row]) => recordOf(id, row));
  }

  async getMany(ids: readonly OrderId[]): Promise<Map<OrderId, OrderRecord>> {
    const found = new Map<OrderId, OrderRecord>();
    for (const id of ids) {
      const row = this.#rows.get(id);
      if (row !== undefined) found.set(id, recordOf(id, row));
    }
    return found;
  }

  async putOrder(order: Order, personalData?: PersonalDataState): Promise<'created' | 'updated' | 'older'> {
    const row = this.#rows.get(order.orderId);
    if (row?.order !== undefined && row.order.updatedAt >= order.updatedAt) return 'older';
    this.#rows.set(order.orderId, {
      ...row,
      accountId: order.accountId,
      marketplaceOrderId: order.marketplaceOrderId,
      order: structuredClone(order),
      personalData: personalData ?? row?.personalData,
      customisationMissing: row?.customisationMissing ?? false,
      entries: row?.entries ?? {},
      entriesVersion: row?.entriesVersion ?? 0,
      waitingSince: undefined,
    });
    return row?.order === undefined ? 'created' : 'updated';
  }

  async setPersonalData(id: OrderId, state: PersonalDataState): Promise<void> {
    const row = this.#rows.get(id);
    if (row?.order !== undefined) this.#rows.set(id, { ...row, personalData: state });
  }

  async setCustomisationMissing(id: OrderId, missing: boolean): Promise<void> {
    const row = this.#rows.get(id);
    if (row?.order !== undefined) this.#rows.set(id, { ...row, customisationMissing: missing });
  }

  /** Takes an order for a remote action and marks it red; answers by which other action it is taken. */
  takeOrder(id: OrderId, open: OpenRemoteAction): OpenRemoteAction | 'taken-now' | 'no-order' {
    const row = this.#rows.get(id);
    if (row?.order === undefined) return 'no-order';
    if (row.openRemoteAction !== undefined) return row.openRemoteAction;
    const { kind, requestedBy: by, requestedAt: at } = open;
    const manualFulfilment = { since: row.manualFulfilment?.since ?? at, kind, by, at };
    this.#rows.set(id, { ...row, manualFulfilment, openRemoteAction: structuredClone(open) });
    return 'taken-now';
  }

  /** Lets an order go that this action had taken. */
  letOrderGo(id: OrderId, actionId: string): void {
    const row = this.#rows.get(id);
    if (row?.openRemoteAction?.actionId !== actionId) return;
    this.#rows.set(id, { ...row, openRemoteAction: undefined });
  }

  async changeLedgers(changes: Parameters<OrderStore['changeLedgers']>[0]): Promise<readonly OrderId[]> {
    if (new Set(changes.map((change) => change.orderId)).size !== changes.length) {
      throw new RangeError('two ledger changes of one order in one call');
    }
    const moved: OrderId[] = [];
    for (const change of changes) {
      const row = this.#rows.get(change.orderId);
      const holds =
        (row?.entriesVersion ?? 0) === change.expectedVersion &&
        (row?.order !== undefined) === change.orderKnown;
      if (!holds) {
        moved.push(change.orderId);
        continue;
      }
      const waits = row?.order === undefined && Object.keys(change.entries).length > 0;
      this.#rows.set(change.orderId, {
        ...row,
        accountId: row?.accountId ?? change.accountId,
        marketplaceOrderId: row?.marketplaceOrderId ?? change.marketplaceOrderId,
        order: row?.order,
        personalData: row?.personalData,
        customisationMissing: row?.customisationMissing ?? false,
        entries: structuredClone(change.entries),
        entriesVersion: change.expectedVersion + 1,
        waitingSince: waits ? (row?.waitingSince ?? change.waitingSince) : undefined,
      });
    }
    return moved;
  }

  async listOrders(query: Parameters<OrderStore['listOrders']>[0]) {
    const sorted = [...this.#rows]
      .filter(([, row]) => row.order?.channelId === query.channelId)
      .map(([id, row]) => ({ key: `${row.order?.purchasedAt}#${id}`, record: recordOf(id, row) }))
      .sort((a, b) => (a.key < b.key ? 1 : -1));
    return page(sorted, query);
  }

  async listWaiting(query: Parameters<OrderStore['listWaiting']>[0]) {
    const sorted = [...this.#rows]
      .flatMap(([id, row]) => {
        const { accountId, waitingSince, marketplaceOrderId } = row;
        if (waitingSince === undefined || accountId !== query.accountId) return [];
        return [
          {
            key: `${waitingSince}#${id}`,
            record: { ...recordOf(id, row), waitingSince, marketplaceOrderId },
          },
        ];
      })
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    return page(sorted, query);
  }
}

function recordOf(orderId: OrderId, row: Row): OrderRecord {
  return structuredClone({
    orderId,
    accountId: row.accountId,
    order: row.order,
    ...(row.personalData === undefined ? {} : { personalData: row.personalData }),
    ...(row.customisationMissing ? { customisationMissing: true } : {}),
    ...(row.manualFulfilment === undefined ? {} : { manualFulfilment: row.manualFulfilment }),
    entries: row.entries,
    entriesVersion: row.entriesVersion,
  });
}

function page<Found>(
  sorted: readonly { readonly key: string; readonly record: Found }[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): { records: Found[]; cursor: string | undefined } {
  const from = cursor === undefined ? 0 : sorted.findIndex(({ key }) => key === cursor) + 1;
  const shown = sorted.slice(from, from + limit);
  return {
    records: shown.map(({ record }) => record),
    cursor: from + limit < sorted.length ? shown.at(-1)?.key : undefined,
  };
}
