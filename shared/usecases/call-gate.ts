import { ThrottledError } from '../domain/errors.ts';
import type { Marketplace } from '../domain/order.ts';
import type { Clock } from '../ports/clock.ts';
import type { CallGate } from '../ports/listing-source.ts';
import type { QuotaPlan, QuotaStore } from '../ports/quota.ts';
import { createAllowance } from './allowance.ts';

/** The allowances of a partner's operations, by their names. */
export type CallPlans = Readonly<Record<string, QuotaPlan>>;

/**
 * Counts calls against the allowances that all workers of an account share.
 * @param waits work that can wait leaves some calls to work that cannot
 */
export function createCallGate(
  deps: { readonly quota: QuotaStore; readonly clock: Clock; readonly plans: CallPlans },
  account: { readonly marketplace: Marketplace; readonly accountId: string },
  waits: boolean,
): { readonly gate: CallGate; readonly calls: () => number; exhausted(): Promise<void> } {
  const { quota, clock, plans } = deps;
  const name = `${account.marketplace}/${account.accountId}`;
  let calls = 0;
  let last: string | undefined;
  const allowanceOf = (operation: string) => {
    const plan = plans[operation];
    if (plan === undefined) throw new RangeError(`no allowance is known for ${operation}`);
    return createAllowance({ quota, clock, search: { operation, plan } }, name, waits);
  };
  return {
    calls: () => calls,
    /** The partner refused the last call as one too many. */
    async exhausted() {
      if (last !== undefined) await allowanceOf(last).exhausted();
    },
    async gate(operation) {
      const retryAfterMs = await allowanceOf(operation).take();
      if (retryAfterMs > 0) {
        last = undefined;
        throw new ThrottledError(
          account.marketplace,
          `${account.marketplace}: no ${operation} call is left`,
          {
            retryAfterMs,
          },
        );
      }
      calls += 1;
      last = operation;
    },
  };
}
