import { MARKETPLACES, type Marketplace } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { OrderPullJob } from './pull-orders.ts';

export interface PlanOrderPullsDeps {
  readonly channels: ChannelStore;
  /** Where the pulls of a marketplace are worked; a marketplace without one is not pulled yet. */
  readonly queues: Readonly<Partial<Record<Marketplace, JobQueue<OrderPullJob>>>>;
  readonly clock: Clock;
}

export interface PlannedPulls {
  readonly requested: readonly { readonly marketplace: Marketplace; readonly accountId: string }[];
  /** Channels switched on at a marketplace we cannot pull from. */
  readonly unsupportedChannels: readonly string[];
}

/**
 * Asks for one pull per seller account that has at least one channel switched on. Safe to repeat: a second pull
 * of an account finds the first one's lease and stands back.
 */
export async function planOrderPulls({ channels, queues, clock }: PlanOrderPullsDeps): Promise<PlannedPulls> {
  const on = (await channels.listChannels()).filter((channel) => channel.ordersSync);
  const requested: { marketplace: Marketplace; accountId: string }[] = [];
  for (const marketplace of MARKETPLACES) {
    const queue = queues[marketplace];
    if (queue === undefined) continue;
    const own = on.filter((channel) => channel.marketplace === marketplace);
    for (const accountId of new Set(own.map((channel) => channel.accountId))) {
      await queue.send({
        type: 'order-pull-requested',
        version: 1,
        correlationId: `${isoInstant(clock.now())}/${marketplace}/${accountId}`,
        marketplace,
        accountId,
      });
      requested.push({ marketplace, accountId });
    }
  }
  const unsupported = on.filter((channel) => queues[channel.marketplace] === undefined);
  return { requested, unsupportedChannels: unsupported.map((channel) => channel.channelId) };
}
