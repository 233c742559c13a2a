import { createManomanoAccountProbe } from '../../shared/adapters/manomano/account-probe.ts';
import { MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { startCheckAccounts } from './start.ts';

export const handler = startCheckAccounts(() => ({
  manomano: {
    probe: createManomanoAccountProbe(),
    search: { operation: 'calls', plan: MANOMANO_CALLS_QUOTA },
    calls: (sites) => Math.max(1, sites),
  },
}));
