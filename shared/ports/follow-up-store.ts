import type { FollowUp, FollowUpKind } from '../domain/follow-up.ts';
import type { OrderId } from '../domain/order.ts';

/** Follow-ups by what they are about: one per (order, kind, line). Holds nothing personal. */
export interface FollowUpStore {
  /** Creates the follow-up unless there is one already. */
  ensure(followUp: FollowUp): Promise<'created' | 'exists'>;
  /** Stores the follow-up when the stored version is `expectedVersion`. */
  change(followUp: FollowUp, expectedVersion: number): Promise<'changed' | 'conflict'>;
  get(id: {
    readonly orderId: OrderId;
    readonly kind: FollowUpKind;
    readonly orderLineId: string;
  }): Promise<FollowUp | undefined>;
  ofOrder(orderId: OrderId): Promise<readonly FollowUp[]>;
  /** Those of a kind whose `dueAt` has come, the longest due first. */
  listDue(query: {
    readonly kind: FollowUpKind;
    readonly until: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly followUps: readonly FollowUp[]; readonly cursor: string | undefined }>;
}
