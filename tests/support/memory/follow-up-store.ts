import type { FollowUp, FollowUpKind } from '../../../shared/domain/follow-up.ts';
import type { OrderId } from '../../../shared/domain/order.ts';
import type { FollowUpStore } from '../../../shared/ports/follow-up-store.ts';

/** The follow-up store's semantics without a database. */
export class MemoryFollowUpStore implements FollowUpStore {
  readonly #followUps = new Map<string, FollowUp>();

  async ensure(followUp: FollowUp): Promise<'created' | 'exists'> {
    if (this.#followUps.has(keyOf(followUp))) return 'exists';
    this.#followUps.set(keyOf(followUp), { ...structuredClone(followUp), version: 1 });
    return 'created';
  }

  async change(followUp: FollowUp, expectedVersion: number): Promise<'changed' | 'conflict'> {
    if (this.#followUps.get(keyOf(followUp))?.version !== expectedVersion) return 'conflict';
    this.#followUps.set(keyOf(followUp), { ...structuredClone(followUp), version: expectedVersion + 1 });
    return 'changed';
  }

  async get(id: {
    orderId: OrderId;
    kind: FollowUpKind;
    orderLineId: string;
  }): Promise<FollowUp | undefined> {
    return structuredClone(this.#followUps.get(keyOf(id)));
  }

  async ofOrder(orderId: OrderId): Promise<readonly FollowUp[]> {
    return [...this.#followUps]
      .filter(([, followUp]) => followUp.orderId === orderId)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, followUp]) => structuredClone(followUp));
  }

  async listDue({ kind, until, limit, cursor }: Parameters<FollowUpStore['listDue']>[0]) {
    const due = [...this.#followUps.values()]
      .filter((followUp) => followUp.kind === kind && followUp.dueAt !== undefined && followUp.dueAt <= until)
      .map((followUp) => ({ key: `${followUp.dueAt}#${keyOf(followUp)}`, followUp }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const from = cursor === undefined ? 0 : due.findIndex(({ key }) => key === cursor) + 1;
    const shown = due.slice(from, from + limit);
    return {
      followUps: shown.map(({ followUp }) => structuredClone(followUp)),
      cursor: from + limit < due.length ? shown.at(-1)?.key : undefined,
    };
  }
}

function keyOf({
  orderId,
  kind,
  orderLineId,
}: {
  orderId: OrderId;
  kind: FollowUpKind;
  orderLineId: string;
}) {
  return `${orderId}#${kind}#${orderLineId}`;
}
