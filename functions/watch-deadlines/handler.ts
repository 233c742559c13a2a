import { MetricUnit } from '../../shared/runtime/observability.ts';
import type { WatchedDeadlines } from '../../shared/usecases/watch-deadlines.ts';

export interface WatchDeadlinesHandlerDeps {
  readonly watch: () => Promise<WatchedDeadlines>;
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Every quarter of an hour: raises what has come close to its end. What the schedule sends along is not read. */
export function createWatchDeadlinesHandler({ watch, logger, metrics }: WatchDeadlinesHandlerDeps) {
  return async (): Promise<void> => {
    const { raised, standing, ordersToShip, complete } = await watch();
    logger.info('deadlines-watched', { ordersToShip, standing });
    for (const alert of raised) logger.warn('deadline-close', { ...alert });
    if (!complete) logger.warn('deadlines-not-all-watched', { ordersToShip });
    const at = (level: (typeof raised)[number]['level']) =>
      raised.filter((alert) => alert.level === level).length;
    metrics.addMetric('OrdersToShip', MetricUnit.Count, ordersToShip);
    metrics.addMetric('DeadlinesHalfGone', MetricUnit.Count, at('half'));
    metrics.addMetric('DeadlinesClose', MetricUnit.Count, at('most'));
    metrics.addMetric('DeadlinesMissed', MetricUnit.Count, at('over'));
  };
}
