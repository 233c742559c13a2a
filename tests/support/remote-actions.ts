import type { RemoteAction } from '../../shared/domain/remote-action.ts';
import { anOrder } from './orders.ts';

/** A refund of two euro that a person asked for and nobody has sent yet; say what the test is about. */
export function aRemoteAction(overrides: Partial<RemoteAction> = {}): RemoteAction {
  return {
    actionId: 'action-1',
    orderId: anOrder().orderId,
    marketplace: 'amazon',
    wish: {
      kind: 'refund',
      reason: 'other',
      currency: 'EUR',
      lines: [{ orderLineId: '10000000000001', goodsMinor: 200, shippingMinor: 0 }],
    },
    askedFor: 'a refund of two euro',
    requestedBy: 'person-1',
    requestedAt: '2026-11-20T10:00:00.000Z',
    state: 'wanted',
    attempts: 0,
    dueAt: '2026-11-20T10:02:00.000Z',
    version: 1,
    ...overrides,
  };
}
