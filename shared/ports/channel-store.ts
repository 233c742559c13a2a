import type { Channel } from '../domain/channel.ts';

export interface ChannelStore {
  getChannel(channelId: string): Promise<Channel | undefined>;
  listChannels(): Promise<readonly Channel[]>;
  /** Creates the channel; `exists` when the id is taken. */
  createChannel(channel: Channel): Promise<'created' | 'exists'>;
  setOrdersSync(channelId: string, on: boolean): Promise<void>;
  /** Moves the watermark forward; a position at or behind the stored one changes nothing. */
  advanceOrdersWatermark(channelId: string, watermark: string): Promise<'advanced' | 'behind'>;
}
