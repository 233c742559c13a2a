import type { PlannedPulls } from '../../shared/usecases/plan-order-pulls.ts';

export interface PlanOrderPullsHandlerDeps {
  readonly plan: () => Promise<PlannedPulls>;
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
}

/** On every tick of the schedule: asks for one pull per account that is due. What the schedule sends along is not read. */
export function createPlanOrderPullsHandler({ plan, logger }: PlanOrderPullsHandlerDeps) {
  return async (): Promise<void> => {
    const { requested, revoked, unsupportedChannels } = await plan();
    logger.info('order-pulls-planned', { requested });
    if (revoked.length > 0) logger.warn('accounts-not-pulled', { revoked });
    if (unsupportedChannels.length > 0) logger.warn('channels-not-pulled', { unsupportedChannels });
  };
}
