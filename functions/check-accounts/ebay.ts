import { createEbayAccountProbe } from '../../shared/adapters/ebay/account-probe.ts';
import { EBAY_CALLS_QUOTA } from '../../shared/adapters/ebay/orders.ts';
import { startCheckAccounts } from './start.ts';

export const handler = startCheckAccounts((clock) => ({
  ebay: {
    probe: createEbayAccountProbe(clock),
    search: { operation: 'calls', plan: EBAY_CALLS_QUOTA },
    calls: () => 2,
  },
}));
