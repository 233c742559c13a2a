import type { Channel } from '../domain/channel.ts';
import type { Order, OrderId } from '../domain/order.ts';
import type { ManualFulfilment } from '../domain/remote-action.ts';
import type { CapabilityFacts } from '../domain/remote-capabilities.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { RemoteActionStore } from '../ports/remote-action-store.ts';

export interface RemoteFactsDeps {
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly actions: Pick<RemoteActionStore, 'ofOrder'>;
  readonly accounts: Pick<AccountStore, 'getAccount'>;
  readonly channels: Pick<ChannelStore, 'getChannel'>;
}

export interface RemoteFacts extends CapabilityFacts {
  readonly order: Order;
  readonly channel: Channel | undefined;
  readonly manualFulfilment: ManualFulfilment | undefined;
  /** The account's authorisation is gone. */
  readonly revoked: boolean;
}

/** All that says what can be done to an order at its marketplace; undefined when the order has not been pulled. */
export async function readRemoteFacts(
  { orders, actions, accounts, channels }: RemoteFactsDeps,
  id: OrderId,
): Promise<RemoteFacts | undefined> {
  const [records, own] = await Promise.all([orders.getMany([id]), actions.ofOrder(id)]);
  const record = records.get(id);
  if (record?.order === undefined) return undefined;
  const { order, entries, manualFulfilment } = record;
  const [account, channel] = await Promise.all([
    accounts.getAccount(order.marketplace, order.accountId),
    channels.getChannel(order.channelId),
  ]);
  return {
    order,
    entries,
    actions: own,
    manualFulfilment,
    channel,
    carriers: channel?.carriers,
    // Whoever saved the credentials noted when the key ends: no secret is read here.
    canSign: account?.expiries.some(({ what }) => what === 'signing-key') ?? false,
    revoked: account?.health.state === 'revoked',
  };
}
