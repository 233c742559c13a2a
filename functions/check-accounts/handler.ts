import { MetricUnit } from '../../shared/runtime/observability.ts';
import type { AccountCheck } from '../../shared/usecases/check-accounts.ts';

export interface CheckAccountsHandlerDeps {
  readonly check: () => Promise<readonly AccountCheck[]>;
  readonly logger: Record<
    'info' | 'warn' | 'error',
    (message: string, fields: Record<string, unknown>) => void
  >;
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** On every tick of the schedule: asks how each account is. What the schedule sends along is not read. */
export function createCheckAccountsHandler({ check, logger, metrics }: CheckAccountsHandlerDeps) {
  return async (): Promise<void> => {
    const checks = await check();
    for (const each of checks) report(each, logger);
    const counted = (state: AccountCheck['account']['state']) =>
      checks.filter(({ account }) => account.state === state).length;
    const expiries = checks.flatMap(({ account }) => account.expiries);
    metrics.addMetric('AccountsRevoked', MetricUnit.Count, counted('revoked'));
    metrics.addMetric('AccountsFailing', MetricUnit.Count, counted('failing'));
    metrics.addMetric(
      'CredentialsExpiringSoon',
      MetricUnit.Count,
      expiries.filter(({ soon }) => soon).length,
    );
    if (expiries.length > 0) {
      const days = Math.min(...expiries.map(({ daysLeft }) => daysLeft));
      metrics.addMetric('CredentialsExpireInDaysMin', MetricUnit.Count, days);
    }
  };
}

/** The shop's name is left out: it may be a person's. */
function report(check: AccountCheck, logger: CheckAccountsHandlerDeps['logger']): void {
  const { marketplace, accountId, channelIds, outcome, before, account } = check;
  const ids = { marketplace, accountId, channelIds };
  const { state, since, problem, findings } = account;
  if (outcome === 'checked') {
    logger.info('account-checked', { ...ids, state, problem, missing: findings?.missing ?? [] });
  } else {
    logger.warn('account-not-checked', { ...ids, outcome });
  }
  if (outcome === 'checked' && before !== undefined && before !== state) {
    logger.warn('account-health-changed', { ...ids, before, state, problem });
  }
  if (state === 'revoked') logger.error('account-revoked', { ...ids, since });
  for (const { what, at, daysLeft, soon } of account.expiries) {
    if (soon) logger.warn('credentials-expire-soon', { ...ids, what, at, daysLeft });
  }
}
