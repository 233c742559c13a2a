import type { PersonalDataState } from '../domain/buyer.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Order, OrderId } from '../domain/order.ts';
import type { ManualFulfilment } from '../domain/remote-action.ts';

/** An order with its money: either side may be there first. */
export interface OrderRecord {
  readonly orderId: OrderId;
  readonly accountId: string;
  /** Undefined while only payment rows are known: the order waits to be pulled. */
  readonly order: Order | undefined;
  /** Ledger entries by `entryKey`. */
  readonly entries: Readonly<Record<string, LedgerEntry>>;
  /** Where the personal data of the order's buyer stands; undefined for orders stored before it was noted. */
  readonly personalData?: PersonalDataState | undefined;
  /** What a buyer had made was given up, or is not here a day before the order is to be shipped. */
  readonly customisationMissing?: boolean | undefined;
  /** The red mark: somebody acted on the order at its marketplace by hand. Set with the action (`RemoteActionStore`). */
  readonly manualFulfilment?: ManualFulfilment | undefined;
  /** Counts changes of `entries`; 0 before the first one. The condition of every change. */
  readonly entriesVersion: number;
}

/** The new ledger of one order, valid only on the version it was computed from. */
export interface LedgerChange {
  readonly orderId: OrderId;
  readonly accountId: string;
  readonly marketplaceOrderId: string;
  readonly expectedVersion: number;
  /**
   * Whether the record this was computed from had its order. Only saves a write: what counts is whether the
   * order is there when the change is written.
   */
  readonly orderKnown: boolean;
  readonly entries: Readonly<Record<string, LedgerEntry>>;
  /** When the first row of an order not pulled yet came in: since when it waits. ISO instant. */
  readonly waitingSince: string;
}

export interface OrderStore {
  /** Known records among the ids; missing ones are simply absent from the map. */
  getMany(ids: readonly OrderId[]): Promise<Map<OrderId, OrderRecord>>;
  /** Stores an order unless the stored one is as new or newer. Its payment rows, if any waited, are matched by this same write. */
  putOrder(order: Order, personalData?: PersonalDataState): Promise<'created' | 'updated' | 'older'>;
  /** Notes where the buyer's personal data stands; nothing happens when the order is not here. */
  setPersonalData(id: OrderId, state: PersonalDataState): Promise<void>;
  /** Notes whether a customisation is missing; nothing happens when the order is not here. */
  setCustomisationMissing(id: OrderId, missing: boolean): Promise<void>;
  /** Applies each change on its expected version and order; answers the ids where either had moved on. Ids must be distinct. */
  changeLedgers(changes: readonly LedgerChange[]): Promise<readonly OrderId[]>;
  /** Orders of a channel, newest purchase first. */
  listOrders(query: {
    channelId: string;
    limit: number;
    cursor?: string | undefined;
  }): Promise<{ records: readonly OrderRecord[]; cursor: string | undefined }>;
  /** Records that have payment rows and no order yet, longest waiting first. */
  listWaiting(query: { accountId: string; limit: number; cursor?: string | undefined }): Promise<{
    records: readonly (OrderRecord & {
      readonly waitingSince: string;
      readonly marketplaceOrderId: string;
    })[];
    cursor: string | undefined;
  }>;
}
