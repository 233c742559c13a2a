import type { Account, HealthState } from '../../shared/domain/account.ts';

/** An account as it stands after its credentials were saved; say what the test is about. */
export function anAccount({
  health = 'working',
  ...overrides
}: Partial<Omit<Account, 'health'>> & { readonly health?: HealthState } = {}): Account {
  return {
    marketplace: 'amazon',
    accountId: 'A1EXAMPLE',
    credentialsSavedAt: '2026-10-24T00:00:00.000Z',
    expiries: [],
    health: { state: health, since: '2026-10-24T00:00:00.000Z', checkedAt: '2026-11-23T10:00:00.000Z' },
    findings: undefined,
    version: 0,
    ...overrides,
  };
}
