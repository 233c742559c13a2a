import { MetricUnit } from '../../shared/runtime/observability.ts';
import type { measureShippingRates } from '../../shared/usecases/measure-shipping-rates.ts';

type Measured = Awaited<ReturnType<typeof measureShippingRates>>;

export interface MeasureShippingRatesHandlerDeps {
  readonly measure: () => Promise<Measured>;
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Every morning: how each channel stands to its marketplace's standards. What the schedule sends along is not read. */
export function createMeasureShippingRatesHandler({
  measure,
  logger,
  metrics,
}: MeasureShippingRatesHandlerDeps) {
  return async (): Promise<void> => {
    let inDanger = 0;
    for (const { channelId, lateShipment, validTracking } of await measure()) {
      logger.info('shipping-rates-measured', { channelId, lateShipment, validTracking });
      const states = [...lateShipment, ...validTracking].map(({ state }) => state);
      if (!states.some((state) => state === 'close' || state === 'passed')) continue;
      inDanger += 1;
      logger.warn('shipping-rates-in-danger', { channelId, lateShipment, validTracking });
    }
    metrics.addMetric('ChannelsWithRatesInDanger', MetricUnit.Count, inDanger);
  };
}
