import type { Channel, ChannelSettings } from '../domain/channel.ts';

export interface ChannelStore {
  getChannel(channelId: string): Promise<Channel | undefined>;
  listChannels(): Promise<readonly Channel[]>;
  /** Creates the channel; `exists` when the id is taken. */
  createChannel(channel: Channel): Promise<'created' | 'exists'>;
  /**
   * Changes settings when nobody else did since `expectedVersion`; the version counts up. `undefined` takes a setting away.
   * Watermark and pull times stay as they are.
   */
  changeSettings(
    channelId: string,
    changes: Partial<ChannelSettings>,
    expectedVersion: number,
  ): Promise<'changed' | 'conflict'>;
  setOrdersSync(channelId: string, on: boolean): Promise<void>;
  /** Moves the watermark forward and notes when; a position at or behind the stored one changes nothing. */
  advanceOrdersWatermark(
    channelId: string,
    watermark: string,
    pulledAt: string,
  ): Promise<'advanced' | 'behind'>;
}
