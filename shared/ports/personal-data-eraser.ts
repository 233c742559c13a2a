import type { OrderId } from '../domain/order.ts';

/**
 * Ends personal data; only the function that deletes has it. A deletion has two steps: first the data goes; then, when
 * everything that follows from it was done, the row leaves the list. What breaks off in between is found in the list
 * again.
 */
export interface PersonalDataEraser {
  /** Orders whose personal data has come to its end, or whose deletion was not finished; the longest due first. */
  listEnded(query: {
    readonly until: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly orderIds: readonly OrderId[]; readonly cursor: string | undefined }>;
  /**
   * Takes everything away but that it was, and when. Repeating it changes nothing, not even the instant. An order whose
   * buyer was never stored gets the record too: a later pull brings nothing back.
   */
  erase(id: OrderId, at: string): Promise<{ readonly deletedAt: string }>;
  /** Notes that nothing more is to be done about this deletion. */
  finish(id: OrderId): Promise<void>;
}
