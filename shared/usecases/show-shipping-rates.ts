import type { ChannelStore } from '../ports/channel-store.ts';
import type { ShippingRatesStore } from '../ports/deadline-store.ts';

/** A month of measurements, one a day. */
const MEASUREMENTS = 31;

/** How a channel stood to its marketplace's standards, newest first; undefined when there is no such channel. */
export async function showShippingRates(
  { channels, rates }: { channels: Pick<ChannelStore, 'getChannel'>; rates: ShippingRatesStore },
  channelId: string,
) {
  if ((await channels.getChannel(channelId)) === undefined) return undefined;
  const measured = await rates.list({ channelId, limit: MEASUREMENTS });
  const shown = (windows: (typeof measured)[number]['lateShipment']) =>
    windows.map(({ badBasisPoints, ...window }) => ({ ...window, badBasisPoints: badBasisPoints ?? null }));
  return {
    channelId,
    measurements: measured.map(({ measuredAt, lateShipment, validTracking }) => ({
      measuredAt,
      lateShipment: shown(lateShipment),
      validTracking: shown(validTracking),
    })),
  };
}
