import { isEnded, type RemoteAction } from '../../../shared/domain/remote-action.ts';
import type { RemoteActionStore } from '../../../shared/ports/remote-action-store.ts';
import type { MemoryOrderStore } from './order-store.ts';

/** The store's semantics without a database, over the orders that its actions take: each method one atomic step. */
export class MemoryRemoteActionStore implements RemoteActionStore {
  readonly #actions = new Map<string, RemoteAction>();
  readonly #orders: MemoryOrderStore;

  constructor(orders: MemoryOrderStore) {
    this.#orders = orders;
  }

  async create(action: RemoteAction): ReturnType<RemoteActionStore['create']> {
    const before = this.#actions.get(keyOf(action));
    if (before !== undefined) return { outcome: 'exists', action: structuredClone(before) };
    const { actionId, orderId, requestedBy, requestedAt, wish } = action;
    const taken = this.#orders.takeOrder(orderId, { actionId, kind: wish.kind, requestedBy, requestedAt });
    if (taken === 'no-order') return { outcome: 'no-order' };
    if (taken !== 'taken-now') return { outcome: 'taken', by: structuredClone(taken) };
    this.#actions.set(keyOf(action), structuredClone({ ...action, version: 1 }));
    return { outcome: 'created' };
  }

  async get(id: Parameters<RemoteActionStore['get']>[0]): Promise<RemoteAction | undefined> {
    return structuredClone(this.#actions.get(keyOf(id)));
  }

  async ofOrder(orderId: RemoteAction['orderId']): Promise<readonly RemoteAction[]> {
    return this.#sorted((action) => action.orderId === orderId, 'requestedAt');
  }

  async change(action: RemoteAction, expectedVersion: number): Promise<'changed' | 'conflict'> {
    if (this.#actions.get(keyOf(action))?.version !== expectedVersion) return 'conflict';
    this.#actions.set(keyOf(action), structuredClone({ ...action, version: expectedVersion + 1 }));
    if (isEnded(action)) this.#orders.letOrderGo(action.orderId, action.actionId);
    return 'changed';
  }

  async listDue({ marketplace, until, limit }: Parameters<RemoteActionStore['listDue']>[0]) {
    return this.#sorted(
      (action) => action.marketplace === marketplace && action.dueAt !== undefined && action.dueAt <= until,
      'dueAt',
    ).slice(0, limit);
  }

  #sorted(isWanted: (action: RemoteAction) => boolean, by: 'requestedAt' | 'dueAt'): readonly RemoteAction[] {
    return structuredClone([...this.#actions.values()].filter(isWanted)).sort((a, b) =>
      (a[by] ?? '') < (b[by] ?? '') ? -1 : 1,
    );
  }
}

function keyOf({ orderId, actionId }: Pick<RemoteAction, 'orderId' | 'actionId'>): string {
  return `${orderId} ${actionId}`;
}
