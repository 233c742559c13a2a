import { createAmazonHealthProbe, PARTICIPATIONS_QUOTA } from '../../shared/adapters/amazon/account-probe.ts';
import { startCheckAccounts } from './start.ts';

export const handler = startCheckAccounts((clock) => ({
  amazon: {
    probe: createAmazonHealthProbe(clock),
    search: { operation: 'getMarketplaceParticipations', plan: PARTICIPATIONS_QUOTA },
    calls: () => 1,
    withoutPermissions: true,
  },
}));
