import type { Marketplace, OrderId } from '../domain/order.ts';
import type { OpenRemoteAction, RemoteAction } from '../domain/remote-action.ts';

/** What people had marketplaces do, with the orders that are taken by it. Holds nothing personal. */
export interface RemoteActionStore {
  /**
   * Stores a new action, takes its order for it and marks the order red, all in one transaction.
   * @returns `exists` with what is stored under this id; `taken` when another action has the order, and which
   */
  create(
    action: RemoteAction,
  ): Promise<
    | { readonly outcome: 'created' }
    | { readonly outcome: 'exists'; readonly action: RemoteAction }
    | { readonly outcome: 'taken'; readonly by: OpenRemoteAction }
    | { readonly outcome: 'no-order' }
  >;
  get(id: { readonly orderId: OrderId; readonly actionId: string }): Promise<RemoteAction | undefined>;
  /** The longest ago first. */
  ofOrder(orderId: OrderId): Promise<readonly RemoteAction[]>;
  /**
   * Stores the action when the stored version is `expectedVersion`. One that has ended lets its order go in the same
   * transaction.
   */
  change(action: RemoteAction, expectedVersion: number): Promise<'changed' | 'conflict'>;
  /** Those of a marketplace whose `dueAt` has come, the longest due first. */
  listDue(query: {
    readonly marketplace: Marketplace;
    readonly until: string;
    readonly limit: number;
  }): Promise<readonly RemoteAction[]>;
}
