import type { Account } from '../domain/account.ts';
import { type AccountView, accountView } from '../domain/channel-view.ts';
import type { Marketplace } from '../domain/order.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { Clock } from '../ports/clock.ts';

export type ShownAccount = AccountView & { readonly marketplace: Marketplace; readonly accountId: string };

/** The seller accounts whose credentials were ever saved; no secrets. */
export async function showAccounts({
  accounts,
  clock,
}: {
  readonly accounts: AccountStore;
  readonly clock: Clock;
}): Promise<readonly ShownAccount[]> {
  return (await accounts.listAccounts()).map((account) => shownAccount(account, clock.now()));
}

/** One account as people see it at this moment. */
export function shownAccount(account: Account, nowMs: number): ShownAccount {
  const { marketplace, accountId } = account;
  return { marketplace, accountId, ...accountView(account, nowMs) };
}
