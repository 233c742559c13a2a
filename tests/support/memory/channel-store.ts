import type { Channel, ChannelSettings } from '../../../shared/domain/channel.ts';
import { RejectedError } from '../../../shared/domain/errors.ts';
import type { ChannelStore } from '../../../shared/ports/channel-store.ts';

/** The channel store's semantics without a database. */
export class MemoryChannelStore implements ChannelStore {
  readonly #channels = new Map<string, Channel>();

  constructor(channels: readonly Channel[] = []) {
    for (const channel of channels) this.#channels.set(channel.channelId, channel);
  }

  async getChannel(channelId: string): Promise<Channel | undefined> {
    return this.#channels.get(channelId);
  }

  async listChannels(): Promise<readonly Channel[]> {
    return [...this.#channels.values()].sort((a, b) => (a.channelId < b.channelId ? -1 : 1));
  }

  async createChannel(channel: Channel): Promise<'created' | 'exists'> {
    if (this.#channels.has(channel.channelId)) return 'exists';
    this.#channels.set(channel.channelId, channel);
    return 'created';
  }

  async setOrdersSync(channelId: string, on: boolean): Promise<void> {
    const channel = this.#channels.get(channelId);
    if (channel === undefined) throw new RejectedError('memory', `there is no channel ${channelId}`);
    this.#channels.set(channelId, { ...channel, ordersSync: on, version: (channel.version ?? 1) + 1 });
  }

  async changeSettings(
    channelId: string,
    changes: Partial<ChannelSettings>,
    expectedVersion: number,
  ): Promise<'changed' | 'conflict'> {
    const channel = this.#channels.get(channelId);
    if (channel === undefined || (channel.version ?? 1) !== expectedVersion) return 'conflict';
    this.#channels.set(channelId, { ...channel, ...changes, version: expectedVersion + 1 });
    return 'changed';
  }

  async advanceOrdersWatermark(
    channelId: string,
    watermark: string,
    pulledAt: string,
  ): Promise<'advanced' | 'behind'> {
    const channel = this.#channels.get(channelId);
    if (channel === undefined) return 'behind';
    if (channel.ordersWatermark !== undefined && channel.ordersWatermark >= watermark) return 'behind';
    this.#channels.set(channelId, { ...channel, ordersWatermark: watermark, ordersPulledAt: pulledAt });
    return 'advanced';
  }
}
