import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AmazonStandIn } from '../../local/partners/amazon/stand-in.ts';
import { DEMO_EBAY } from '../../local/partners/ebay/demo-shop.ts';
import type { EbayStandIn } from '../../local/partners/ebay/stand-in.ts';
import type { ManomanoStandIn } from '../../local/partners/manomano/stand-in.ts';
import type { RemoteActionWish } from '../../shared/domain/remote-action.ts';
import { remoteCapabilities } from '../../shared/domain/remote-capabilities.ts';
import { readRemoteFacts } from '../../shared/usecases/remote-facts.ts';
import { settleRemoteAction } from '../../shared/usecases/request-remote-action.ts';
import {
  amazonPartner,
  ebayPartner,
  manomanoPartner,
  type RemoteWorld,
  remoteWorld,
  type TestClock,
  testClock,
} from '../support/remote-world.ts';

/*
 * Actions at a marketplace with everything of ours but the database and the network: what was asked for stands in the
 * stand-in afterwards, once, and our own order changes with the pull and not before.
 */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SHIP: RemoteActionWish = { kind: 'ship', courier: 'brt', trackingNumber: '067061651641', lines: [] };

let clock: TestClock;
beforeEach(() => {
  clock = testClock();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function blockOf(world: RemoteWorld, kind: string): Promise<string | undefined> {
  const facts = await readRemoteFacts(world.facts, world.id);
  if (facts === undefined) throw new Error('no order');
  return remoteCapabilities(facts).kinds.find((each) => each.kind === kind)?.block;
}

describe('ManoMano', () => {
  const PENDING = 'M2600000000004';
  let standIn: ManomanoStandIn;
  const world = async (marketplaceOrderId = PENDING): Promise<RemoteWorld> => {
    const partner = manomanoPartner(clock);
    standIn = partner.standIn;
    return remoteWorld(clock, partner, marketplaceOrderId);
  };

  test.each([
    ['accept', 'PREPARATION', 'unshipped'],
    ['refuse', 'REFUSED', 'cancelled'],
  ] as const)('is told to %s once, and our order changes with the next pull', async (kind, theirs, ours) => {
    const our = await world();
    expect(await our.ask({ kind })).toMatchObject({ outcome: 'requested', action: { state: 'wanted' } });
    expect(our.queue.sent).toHaveLength(1);
    expect(await our.perform()).toMatchObject({ outcome: 'done', kind, attempts: 1 });
    expect(standIn.order(PENDING)?.status).toBe(theirs);
    expect((await our.orders.getMany([our.id])).get(our.id)).toMatchObject({
      order: { status: 'to-accept' },
      manualFulfilment: { kind, by: 'person-1' },
    });
    // Asked for once more before the pull, under another id: it is done, and only not seen yet.
    expect(await our.ask({ kind }, 'action-2')).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'waits-for-sync', blockedBy: { actionId: 'action-1' } },
    });
    clock.pass(MINUTE);
    expect((await our.pull()).status).toBe(ours);
    expect(await our.perform()).toEqual({ outcome: 'nothing-to-do' });
    expect(standIn.calls.get(`${kind}-orders`)).toBe(1);
    expect(
      (await our.activities.list({ limit: 9 })).activities.map(({ action, actor }) => [action, actor]),
    ).toEqual(
      expect.arrayContaining([
        ['remote-action-requested', 'person-1'],
        ['remote-action-done', 'system'],
      ]),
    );
  });

  test('the same click twice is one action, and another wish under its id is refused', async () => {
    const our = await world();
    const [one, other] = await Promise.all([our.ask({ kind: 'accept' }), our.ask({ kind: 'accept' })]);
    expect([one?.outcome, other?.outcome].sort()).toEqual(['known', 'requested']);
    await our.perform();
    expect(await our.ask({ kind: 'accept' })).toMatchObject({ outcome: 'known', action: { state: 'done' } });
    expect(await our.ask({ kind: 'refuse' })).toEqual({ outcome: 'action-of-another-wish' });
    expect(standIn.calls.get('accept-orders')).toBe(1);
  });

  test('of two operators one acts, and the other is told who', async () => {
    const our = await world();
    const outcomes = await Promise.all([
      our.ask({ kind: 'accept' }, 'action-1', 'person-1'),
      our.ask({ kind: 'refuse' }, 'action-2', 'person-2'),
    ]);
    expect(outcomes.map((each) => each?.outcome).sort()).toEqual(['refused', 'requested']);
    expect(outcomes.find((each) => each?.outcome === 'refused')).toMatchObject({
      refusal: { code: 'under-way', blockedBy: { requestedBy: 'person-1' } },
    });
    await our.perform();
    expect(standIn.order(PENDING)?.status).toBe('PREPARATION');
  });

  test('that did it and never answered is asked, and not told again', async () => {
    const our = await world();
    await our.ask({ kind: 'accept' });
    standIn.trouble('dropped-after', 1);
    expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    expect(await our.perform()).toEqual({ outcome: 'under-way' });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done', code: 'PREPARATION' });
    expect(standIn.calls.get('accept-orders')).toBe(1);
  });

  test.each(['dropped', 'server-error', 'not-json'] as const)(
    'that answered with %s is asked, and told again only when it has nothing',
    async (trouble) => {
      const our = await world();
      await our.ask({ kind: 'accept' });
      standIn.trouble(trouble, 1);
      expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
      expect(standIn.order(PENDING)?.status).toBe('PENDING');
      clock.pass(MINUTE);
      expect(await our.perform()).toMatchObject({ outcome: 'done', attempts: 2 });
      expect(standIn.order(PENDING)?.status).toBe('PREPARATION');
    },
  );

  test('that somebody told in Toolbox meanwhile refuses nothing: it is done', async () => {
    const our = await world();
    await our.ask({ kind: 'accept' });
    const order = standIn.order(PENDING);
    if (order === undefined) throw new Error('no order');
    standIn.putOrder({ ...order, status: 'PREPARATION' });
    // Its 500 for a second acceptance leaves it open; the order itself tells.
    expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done' });
  });

  test('that refuses the one element with 207 has refused it, and the order is free again', async () => {
    const our = await world();
    await our.ask({ kind: 'accept' });
    const order = standIn.order(PENDING);
    if (order === undefined) throw new Error('no order');
    standIn.putOrder({ ...order, status: 'REFUSED' });
    standIn.trouble('mixed', 1);
    expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'order-changed' });
    expect(await our.read()).toMatchObject({ state: 'refused', answer: { code: 'REFUSED' } });
    expect(await our.ask({ kind: 'accept' }, 'action-2')).toMatchObject({ outcome: 'requested' });
  });

  test('that has no calls left is told when there are some; that lost the authorisation, after its renewal', async () => {
    const our = await world();
    await our.ask({ kind: 'accept' });
    standIn.trouble('throttled-header', 1);
    expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'throttled' });
    expect((await our.read()).state).toBe('wanted');
    clock.pass(5 * MINUTE);
    standIn.revoke();
    expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'unauthorised' });
    standIn.renew('key-not-a-secret');
    expect(standIn.order(PENDING)?.status).toBe('PENDING');
  });

  test('what waits is asked for again by the plan, and after a day given up as not sent', async () => {
    const our = await world();
    await our.ask({ kind: 'accept' });
    expect(await our.plan()).toEqual({ asked: 0, oldestMs: 0 });
    clock.pass(2 * MINUTE);
    expect(await our.plan()).toEqual({ asked: 1, oldestMs: 2 * MINUTE });
    expect(our.queue.sent).toHaveLength(2);
    standIn.revoke();
    await our.perform();
    expect(await our.plan()).toMatchObject({ asked: 0 });
    clock.pass(25 * HOUR);
    expect(await our.plan()).toMatchObject({ asked: 1 });
    expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'gave-up' });
    expect(standIn.order(PENDING)?.status).toBe('PENDING');
    expect(await our.plan()).toEqual({ asked: 0, oldestMs: undefined });
  });

  test('is told of a parcel once; a second call for the same goods is refused here', async () => {
    const our = await world('M2600000000003');
    await our.ask(SHIP);
    expect(await our.perform()).toMatchObject({ outcome: 'done', kind: 'ship' });
    expect(standIn.packages('M2600000000003')).toMatchObject([
      { carrier: 'BRT', trackingNumber: '067061651641' },
    ]);
    expect(await our.ask(SHIP, 'action-2')).toMatchObject({ refusal: { code: 'nothing-left' } });
    clock.pass(MINUTE);
    expect((await our.pull()).status).toBe('shipped');
  });

  test('that took the parcel and never answered has it: the goods are in no other', async () => {
    const our = await world('M2600000000003');
    await our.ask(SHIP);
    standIn.trouble('dropped-after', 1);
    await our.perform();
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done' });
    expect(standIn.packages('M2600000000003')).toHaveLength(1);
  });

  test('offers no refund and no cancellation, and says where they are done', async () => {
    const our = await world('M2600000000001');
    for (const kind of ['refund', 'cancel', 'approve-cancellation', 'reject-cancellation']) {
      expect(await blockOf(our, kind)).toBe('not-offered');
    }
    expect(await blockOf(our, 'ship')).toBe('wrong-status');
    const wish: RemoteActionWish = { kind: 'cancel', reason: 'other' };
    expect(await our.ask(wish)).toMatchObject({ refusal: { code: 'not-offered' } });
    expect(await our.actions.ofOrder(our.id)).toEqual([]);
  });

  test('an order that changed between wish and call is left alone', async () => {
    const our = await world();
    await our.ask({ kind: 'accept' });
    const order = standIn.order(PENDING);
    if (order === undefined) throw new Error('no order');
    standIn.putOrder({ ...order, status: 'REFUNDED', status_updated_at: '2026-11-23T10:00:00Z' });
    await our.pull();
    expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'order-changed' });
    expect(standIn.calls.get('accept-orders')).toBeUndefined();
  });
});

describe('eBay', () => {
  const PAID = '10-00006-00006';
  const SHIPPED = '10-00001-00001';
  let standIn: EbayStandIn;
  const world = async (
    marketplaceOrderId = PAID,
    ...options: Parameters<typeof ebayPartner> extends [unknown, ...infer Rest] ? Rest : never
  ): Promise<RemoteWorld> => {
    const partner = ebayPartner(clock, ...options);
    standIn = partner.standIn;
    return remoteWorld(clock, partner, marketplaceOrderId);
  };
  /** So much of the first line, or of all of it. */
  const refundOf = async (our: RemoteWorld, minor?: number): Promise<RemoteActionWish> => {
    const order = (await our.orders.getMany([our.id])).get(our.id)?.order;
    const [line] = order?.lines ?? [];
    return {
      kind: 'refund',
      reason: 'returned',
      currency: 'EUR',
      lines: [
        {
          orderLineId: line?.orderLineId ?? '',
          goodsMinor: minor ?? line?.total?.amountMinor ?? 0,
          shippingMinor: 0,
        },
      ],
    };
  };
  const refundsAt = (marketplaceOrderId: string) =>
    standIn
      .order(marketplaceOrderId)
      ?.paymentSummary.refunds.map(({ amount, refundStatus }) => [Number(amount.value), refundStatus]);

  test('is told of a parcel once', async () => {
    const our = await world();
    await our.ask(SHIP);
    expect(await our.perform()).toMatchObject({ outcome: 'done' });
    expect(standIn.fulfillments(PAID)).toMatchObject([{ shipmentTrackingNumber: '067061651641' }]);
    clock.pass(MINUTE);
    expect((await our.pull()).status).toBe('shipped');
  });

  test('whose goods went out in a shipment of ours meanwhile is told no second number', async () => {
    const our = await world();
    await our.ask(SHIP);
    const order = (await our.orders.getMany([our.id])).get(our.id)?.order;
    if (order === undefined) throw new Error('no order');
    await our.performing.confirmer.confirm(order, {
      packageNumber: 1,
      trackingNumber: '067061651642',
      shippedAt: '2026-11-23T10:00:00.000Z',
      lines: [],
      carrierCode: 'Bartolini',
    });
    expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'order-changed' });
    expect(standIn.fulfillments(PAID)).toHaveLength(1);
  });

  test('gives money back, signed, and the action is followed to its end', async () => {
    const our = await world(SHIPPED);
    standIn.holdWork();
    await our.ask(await refundOf(our, 500));
    expect(await our.perform()).toMatchObject({ outcome: 'followed', code: 'PENDING' });
    expect(await our.perform()).toEqual({ outcome: 'under-way' });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'followed' });
    standIn.finishWork('done');
    clock.pass(2 * MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done', code: 'REFUNDED' });
    expect(refundsAt(SHIPPED)).toEqual([[5, 'REFUNDED']]);
    expect((await our.read()).answer).toEqual({ remoteId: '700000001', code: 'REFUNDED' });
  });

  test('whose refund fails in the end has refused it', async () => {
    const our = await world(SHIPPED);
    standIn.holdWork();
    await our.ask(await refundOf(our, 500));
    await our.perform();
    standIn.finishWork('failed');
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'rejected', code: 'FAILED' });
    // Nothing was given back: all of it may be asked for again.
    expect(await our.ask(await refundOf(our), 'action-2')).toMatchObject({ outcome: 'requested' });
  });

  test('that gave money back and never answered is asked, and gives nothing back twice', async () => {
    const our = await world(SHIPPED);
    await our.ask(await refundOf(our, 500));
    standIn.trouble('dropped-after', 1, 'issueRefund');
    expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    expect(refundsAt(SHIPPED)).toEqual([[5, 'REFUNDED']]);
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done', code: 'REFUNDED' });
    expect((await our.read()).answer?.remoteId).toBe('700000001');
    expect(standIn.calls.get('issueRefund')).toBe(1);
  });

  test.each(['dropped', 'server-error', 'truncated'] as const)(
    'whose order answers with %s is not asked for money',
    async (trouble) => {
      const our = await world(SHIPPED);
      await our.ask(await refundOf(our, 500));
      standIn.trouble(trouble, 1, 'getOrder');
      expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
      expect(standIn.calls.get('issueRefund')).toBeUndefined();
    },
  );

  test('that never got the refund is asked again, after as long as a refund may stay out of sight', async () => {
    const our = await world(SHIPPED);
    await our.ask(await refundOf(our, 500));
    standIn.trouble('dropped', 1);
    expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'followed' });
    clock.pass(11 * MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'followed', attempts: 2 });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done' });
    expect(refundsAt(SHIPPED)).toEqual([[5, 'REFUNDED']]);
  });

  test('two refunds of one amount at one time cannot be told apart: a person looks, and says so', async () => {
    const our = await world(SHIPPED);
    await our.ask(await refundOf(our, 500));
    standIn.trouble('dropped', 1);
    await our.perform();
    const order = standIn.order(SHIPPED);
    if (order === undefined) throw new Error('no order');
    const byHand = {
      refundId: '1',
      refundDate: '2026-11-23T10:00:30.000Z',
      amount: { value: '5.0', currency: 'EUR' as const },
      refundStatus: 'REFUNDED' as const,
    };
    standIn.putOrder({
      ...order,
      paymentSummary: { ...order.paymentSummary, refunds: [byHand, { ...byHand, refundId: '2' }] },
    });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'unclear', reason: 'cannot-tell' });
    clock.pass(HOUR);
    expect(await our.perform()).toEqual({ outcome: 'nothing-to-do' });
    expect(await our.ask(SHIP, 'action-2')).toMatchObject({ refusal: { code: 'unclear-before' } });
    const acting = { ...our.facts, actor: 'person-2' };
    expect(await settleRemoteAction(acting, our.name, 'action-1', true)).toMatchObject({
      outcome: 'settled',
      action: { state: 'done', reason: 'seen-by-a-person' },
    });
    expect(await settleRemoteAction(acting, our.name, 'action-1', false)).toMatchObject({
      outcome: 'not-unclear',
    });
    expect(await blockOf(our, 'refund')).toBeUndefined();
  });

  test('is not asked for more than the order cost, nor for more than eBay has left', async () => {
    const our = await world(SHIPPED);
    const all = await refundOf(our);
    if (all.kind !== 'refund') throw new Error('no refund');
    const [line] = all.lines;
    if (line === undefined) throw new Error('no line');
    const more = { ...all, lines: [{ ...line, shippingMinor: 1 }] };
    expect(await our.ask(more)).toMatchObject({ refusal: { code: 'too-much' } });
    expect(await our.ask({ ...all, currency: 'USD' })).toMatchObject({ refusal: { code: 'other-currency' } });
    await our.ask(await refundOf(our, 500));
    await our.perform();
    clock.pass(MINUTE);
    await our.perform();
    expect(await our.ask(all, 'action-2')).toMatchObject({ refusal: { code: 'too-much' } });

    // What was given back by hand is known to eBay alone.
    const order = standIn.order(SHIPPED);
    if (order === undefined) throw new Error('no order');
    const [given] = order.paymentSummary.refunds;
    if (given === undefined) throw new Error('no refund');
    const byHand = { ...given, refundId: '9', amount: order.pricingSummary.total };
    standIn.putOrder({ ...order, paymentSummary: { ...order.paymentSummary, refunds: [byHand] } });
    await our.ask(await refundOf(our, 100), 'action-3');
    expect(await our.perform('action-3')).toMatchObject({ outcome: 'refused', reason: 'too-much' });
    expect(standIn.calls.get('issueRefund')).toBe(1);
  });

  test('cancels an order that was paid, and the buyer has the money back', async () => {
    const our = await world();
    await our.ask({ kind: 'cancel', reason: 'out-of-stock' });
    expect(await our.perform()).toMatchObject({ outcome: 'followed' });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done', code: 'CANCELED' });
    expect(await our.ask(SHIP, 'action-2')).toMatchObject({ refusal: { code: 'waits-for-sync' } });
    clock.pass(MINUTE);
    expect((await our.pull()).status).toBe('refunded');
    expect(standIn.calls.get('createCancellation')).toBe(1);
  });

  test('takes no other reasons than its own', async () => {
    const our = await world();
    expect(await our.ask({ kind: 'cancel', reason: 'other' })).toMatchObject({
      refusal: { code: 'reason-not-taken', detail: 'other' },
    });
  });

  describe('with a buyer who wants to cancel', () => {
    const asked = async (): Promise<RemoteWorld> => {
      const our = await world('10-00007-00007');
      const order = standIn.order('10-00007-00007');
      expect(order?.cancelStatus.cancelRequests).toMatchObject([{ cancelRequestState: 'REQUESTED' }]);
      return our;
    };

    test('approves it, signed', async () => {
      const our = await asked();
      expect(await our.ask(SHIP)).toMatchObject({ refusal: { code: 'cancellation-requested' } });
      await our.ask({ kind: 'approve-cancellation' });
      expect(await our.perform()).toMatchObject({ outcome: 'followed' });
      clock.pass(MINUTE);
      expect(await our.perform()).toMatchObject({ outcome: 'done', code: 'CANCELED' });
      expect(standIn.order('10-00007-00007')?.cancelStatus.cancelState).toBe('CANCELED');
    });

    test('rejects it, and the goods may leave', async () => {
      const our = await asked();
      await our.ask({ kind: 'reject-cancellation' });
      expect(await our.perform()).toMatchObject({ outcome: 'done' });
      expect(await blockOf(our, 'ship')).toBeUndefined();
      expect(await blockOf(our, 'approve-cancellation')).toBe('waits-for-sync');
    });

    test('finds a rejection that was not answered', async () => {
      const our = await asked();
      await our.ask({ kind: 'reject-cancellation' });
      standIn.trouble('dropped', 1);
      await our.perform();
      clock.pass(MINUTE);
      expect(await our.perform()).toMatchObject({ outcome: 'done' });
      expect(standIn.calls.get('rejectCancellationRequest')).toBe(1);
    });

    test('and who took it back meanwhile is no request any more', async () => {
      const our = await asked();
      await our.ask({ kind: 'approve-cancellation' });
      const order = standIn.order('10-00007-00007');
      if (order === undefined) throw new Error('no order');
      standIn.putOrder({ ...order, cancelStatus: { cancelState: 'NONE_REQUESTED', cancelRequests: [] } });
      expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'no-request' });
      expect(standIn.calls.get('approveCancellationRequest')).toBeUndefined();
    });
  });

  test('an account without a signing key is told so before anything is stored', async () => {
    const our = await world(SHIPPED, {});
    await our.accounts.putAccount({ ...our.account, expiries: [] }, 1);
    expect(await blockOf(our, 'refund')).toBe('signature-missing');
    expect(await our.ask(await refundOf(our, 500))).toMatchObject({ refusal: { code: 'signature-missing' } });
  });

  test('a key that went missing since sends nothing unsigned', async () => {
    const our = await world(SHIPPED, {});
    await our.ask(await refundOf(our, 500));
    expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'signature-missing' });
    expect(standIn.calls.get('issueRefund')).toBeUndefined();
  });

  test('a signature that is not the seller’s is refused with eBay’s number, and nothing is given back', async () => {
    const our = await world(SHIPPED, { ...(await wrongKey()) });
    await our.ask(await refundOf(our, 500));
    await our.perform();
    for (let n = 0; n < 4 && (await our.read()).state !== 'refused'; n += 1) {
      clock.pass(30 * MINUTE);
      await our.perform();
    }
    expect(await our.read()).toMatchObject({
      state: 'refused',
      reason: 'rejected',
      answer: { code: '215000' },
    });
    expect(refundsAt(SHIPPED)).toEqual([]);
  });

  test('a consent that does not cover money refuses the refund, and parcels go on', async () => {
    const seller = { ...DEMO_EBAY, consentedScopes: ['sell.fulfillment'] };
    const our = await world(PAID, undefined, seller);
    await our.ask(await refundOf(our, 100));
    expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'not-allowed' });
    await our.ask(SHIP, 'action-2');
    expect(await our.perform('action-2')).toMatchObject({ outcome: 'done' });
  });

  test('that has no calls left is asked when there are some', async () => {
    const our = await world(SHIPPED);
    await our.ask(await refundOf(our, 500));
    standIn.trouble('throttled', 1);
    expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'throttled' });
    clock.pass(5 * MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'followed' });
    expect(refundsAt(SHIPPED)).toEqual([[5, 'REFUNDED']]);
  });
});

describe('Amazon', () => {
  const UNSHIPPED = '300-0000007-0000007';
  const SHIPPED = '300-0000001-0000001';
  let standIn: AmazonStandIn;
  const world = async (marketplaceOrderId = UNSHIPPED): Promise<RemoteWorld> => {
    const partner = amazonPartner(clock);
    standIn = partner.standIn;
    return remoteWorld(clock, partner, marketplaceOrderId);
  };
  const refundOf = async (our: RemoteWorld, goodsMinor: number): Promise<RemoteActionWish> => {
    const order = (await our.orders.getMany([our.id])).get(our.id)?.order;
    const orderLineId = order?.lines[0]?.orderLineId ?? '';
    const lines = [{ orderLineId, goodsMinor, shippingMinor: 0 }];
    return { kind: 'refund', reason: 'returned', currency: 'EUR', lines };
  };
  const untilEnded = async (our: RemoteWorld, actionId = 'action-1'): Promise<void> => {
    for (let n = 0; n < 200; n += 1) {
      if (['done', 'refused', 'unclear'].includes((await our.read(actionId)).state)) return;
      clock.pass(30 * MINUTE);
      await our.perform(actionId);
    }
    throw new Error('never comes to an end');
  };

  test('is told of a parcel once, as a package of its own', async () => {
    const our = await world();
    await our.ask(SHIP);
    expect(await our.perform()).toMatchObject({ outcome: 'done' });
    expect(standIn.order(UNSHIPPED)?.packages).toMatchObject([
      { packageReferenceId: '9001', trackingNumber: '067061651641' },
    ]);
    clock.pass(MINUTE);
    expect((await our.pull()).status).toBe('shipped');
  });

  test('cancels by a feed that is followed to its report', async () => {
    const our = await world();
    await our.ask({ kind: 'cancel', reason: 'out-of-stock' });
    expect(await our.perform()).toMatchObject({ outcome: 'followed' });
    expect((await our.read()).answer?.remoteId).toMatch(/^5\d{10}$/);
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done' });
    expect(standIn.order(UNSHIPPED)?.fulfillment?.fulfillmentStatus).toBe('CANCELLED');
    expect(standIn.order(UNSHIPPED)?.orderItems[0]?.cancellation?.cancellationExecution).toEqual({
      cancelledBy: 'MERCHANT',
      cancelReason: 'NoInventory',
    });
    expect((await our.pull()).status).toBe('cancelled');
  });

  test('gives money back by a feed, once, and what was given back here is not given again', async () => {
    const our = await world(SHIPPED);
    await our.ask(await refundOf(our, 500));
    expect(await our.perform()).toMatchObject({ outcome: 'followed' });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done' });
    expect(standIn.refunds(SHIPPED)).toMatchObject([
      { reason: 'CustomerReturn', goods: '5.00', shipping: '' },
    ]);
    const total = (await our.orders.getMany([our.id])).get(our.id)?.order?.total?.amountMinor ?? 0;
    expect(await our.ask(await refundOf(our, total - 499), 'action-2')).toMatchObject({
      refusal: { code: 'too-much' },
    });
    expect(await our.ask(await refundOf(our, 1), 'action-3')).toMatchObject({ outcome: 'requested' });
  });

  test.each(['FATAL', 'CANCELLED'] as const)('a feed that ends %s has done nothing', async (ends) => {
    const our = await world(SHIPPED);
    standIn.endFeed(ends);
    await our.ask(await refundOf(our, 500));
    await our.perform();
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'rejected', code: ends });
    expect(standIn.refunds(SHIPPED)).toEqual([]);
  });

  test('a row that Amazon refuses is refused with its number', async () => {
    const our = await world();
    await our.ask({ kind: 'cancel', reason: 'other' });
    await our.perform();
    const order = standIn.order(UNSHIPPED);
    if (order === undefined) throw new Error('no order');
    standIn.putOrder({ ...order, fulfillment: { ...order.fulfillment, fulfillmentStatus: 'SHIPPED' } });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'rejected', code: '18028' });
  });

  test('of two lines one was given back: nobody calls that done, and a person looks', async () => {
    const our = await world(SHIPPED);
    const remote = standIn.order(SHIPPED);
    const [item] = remote?.orderItems ?? [];
    if (remote === undefined || item === undefined) throw new Error('no order');
    standIn.putOrder({
      ...remote,
      lastUpdatedTime: '2026-11-23T09:59:00.000Z',
      orderItems: [item, { ...item, orderItemId: '77700000000001' }],
    });
    const order = await our.pull();
    await our.ask({
      kind: 'refund',
      reason: 'other',
      currency: 'EUR',
      lines: order.lines.map(({ orderLineId }) => ({ orderLineId, goodsMinor: 100, shippingMinor: 10 })),
    });
    await our.perform();
    standIn.putOrder(remote);
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'unclear', reason: 'partly-done', code: '18002' });
    expect(standIn.refunds(SHIPPED)).toMatchObject([{ goods: '1.00', shipping: '0.10' }]);
  });

  test('whose feed was lost on its way is handed another, once it is sure that it never came', async () => {
    const our = await world(SHIPPED);
    await our.ask(await refundOf(our, 500));
    standIn.trouble('dropped', 1, 'createFeed');
    expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'followed' });
    clock.pass(11 * MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'followed', attempts: 2 });
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done' });
    expect(standIn.refunds(SHIPPED)).toHaveLength(1);
  });

  test('that has a feed and never said which gives nothing back twice: a person looks', async () => {
    const our = await world(SHIPPED);
    await our.ask(await refundOf(our, 500));
    standIn.trouble('dropped-after', 1, 'createFeed');
    await our.perform();
    await untilEnded(our);
    expect(await our.read()).toMatchObject({ state: 'unclear', reason: 'cannot-tell' });
    expect(standIn.calls.get('createFeed')).toBe(1);
  });

  test('of a cancellation that was never answered the order itself tells', async () => {
    const our = await world();
    await our.ask({ kind: 'cancel', reason: 'buyer-asked' });
    standIn.trouble('dropped-after', 1, 'createFeed');
    await our.perform();
    const order = standIn.order(UNSHIPPED);
    if (order === undefined) throw new Error('no order');
    clock.pass(MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'followed' });
    standIn.putOrder({ ...order, fulfillment: { ...order.fulfillment, fulfillmentStatus: 'CANCELLED' } });
    clock.pass(10 * MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'done', code: 'CANCELLED' });
    expect(standIn.calls.get('createFeed')).toBe(1);
  });

  test('that has no feeds left takes one later; without its role it is refused', async () => {
    const our = await world(SHIPPED);
    await our.ask(await refundOf(our, 500));
    standIn.trouble('throttled', 1, 'createFeed');
    expect(await our.perform()).toMatchObject({ outcome: 'waits', reason: 'throttled' });
    expect((await our.read()).state).toBe('wanted');
    standIn.setRoles({ orders: false });
    clock.pass(5 * MINUTE);
    expect(await our.perform()).toMatchObject({ outcome: 'refused', reason: 'not-allowed' });
    expect(standIn.refunds(SHIPPED)).toEqual([]);
  });
});

/** A pair whose public half eBay does not know. */
async function wrongKey() {
  const { generateKeyPairSync } = await import('node:crypto');
  const { DEMO_EBAY_SIGNING } = await import('../../local/partners/ebay/demo-shop.ts');
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    ...DEMO_EBAY_SIGNING,
    signingPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
