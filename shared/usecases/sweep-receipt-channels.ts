import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { ReceiptSweepStore } from '../ports/receipt-sweep-store.ts';
import { requestReceiptsOfChannel } from './issue-due-receipts.ts';

/** A page of a channel's orders may take this long. */
const PAGE_TIME_MS = 30_000;

export interface SweepReceiptChannelsDeps {
  readonly channels: Pick<ChannelStore, 'listChannels'>;
  readonly orders: OrderStore;
  readonly followUps: FollowUpStore;
  readonly sweeps: ReceiptSweepStore;
  readonly clock: Clock;
}

/**
 * Goes once more through the orders of every channel whose settings changed while its receipts are issued by themselves:
 * they were switched on, or from an earlier day. From then on each order is looked at when it is stored.
 * @returns the channels that were gone through to their end by this run
 */
export async function sweepReceiptChannels(
  deps: SweepReceiptChannelsDeps,
  remainingMs: () => number,
): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const channel of await deps.channels.listChannels()) {
    const { channelId } = channel;
    const isAutomatic = channel.receiptsSync === true && channel.receipts?.automatic !== undefined;
    if (!isAutomatic || channel.archivedAt !== undefined) continue;
    const { version = 1 } = channel;
    const before = await deps.sweeps.getSweep(channelId);
    const isOfNow = before?.channelVersion === version;
    if (isOfNow && before.cursor === undefined) continue;
    if (remainingMs() < PAGE_TIME_MS) break;
    const from = isOfNow ? before.cursor : undefined;
    const cursor = await requestReceiptsOfChannel(deps, channel, remainingMs, from);
    await deps.sweeps.putSweep({ channelId, channelVersion: version, cursor });
    if (cursor === undefined) swept.push(channelId);
  }
  return swept;
}
