import type { PlannedReScans } from '../../shared/usecases/plan-re-scans.ts';

export interface PlanReScansHandlerDeps {
  readonly plan: () => Promise<PlannedReScans>;
  readonly logger: { info(message: string, fields: Record<string, unknown>): void };
}

/** Every night: asks for a second look at the last days. What the schedule sends along is not read. */
export function createPlanReScansHandler({ plan, logger }: PlanReScansHandlerDeps) {
  return async (): Promise<void> => {
    logger.info('re-scans-planned', { ...(await plan()) });
  };
}
