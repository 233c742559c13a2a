import { MetricUnit } from '../../shared/runtime/observability.ts';
import type { PlannedRemoteActions } from '../../shared/usecases/plan-remote-actions.ts';

export interface PlanRemoteActionsHandlerDeps {
  readonly plan: () => Promise<PlannedRemoteActions>;
  readonly logger: { info(message: string, fields: Record<string, unknown>): void };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Every minute: asks for the actions at marketplaces that are due. What the schedule sends along is not read. */
export function createPlanRemoteActionsHandler({ plan, logger, metrics }: PlanRemoteActionsHandlerDeps) {
  return async (): Promise<void> => {
    const { asked, oldestMs } = await plan();
    if (asked > 0) logger.info('remote-actions-asked-for', { asked });
    const oldestSeconds = Math.round((oldestMs ?? 0) / 1000);
    metrics.addMetric('OldestOpenRemoteAction', MetricUnit.Seconds, oldestSeconds);
  };
}
