import type { AskedCourier } from '../domain/courier-account.ts';
import { courierBuckets } from '../domain/courier-pace.ts';
import { ThrottledError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { QuotaStore } from '../ports/quota.ts';
import type { ShipmentCreator } from '../ports/shipment-creator.ts';

/**
 * The same courier within the calls that its account has, which the checks of shipments take from too.
 * @returns a creator that fails with `ThrottledError` before a call for which nothing is left
 */
export function shipmentCreatorWithin(
  courier: AskedCourier,
  creator: ShipmentCreator,
  { quota, clock }: { readonly quota: QuotaStore; readonly clock: Clock },
): ShipmentCreator {
  async function within<Answer>(courierAccountId: string, call: () => Promise<Answer>): Promise<Answer> {
    const buckets = courierBuckets(courier, courierAccountId);
    for (const { bucket, plan } of buckets) {
      // A person waits for it: nothing has to be left for others.
      const taken = await quota.take(bucket, plan, clock.now());
      if (!taken.granted) {
        throw new ThrottledError(courier, `${courier}: no calls left`, { retryAfterMs: taken.retryAfterMs });
      }
    }
    try {
      return await call();
    } catch (error) {
      if (error instanceof ThrottledError) {
        for (const { bucket, plan } of buckets) {
          await quota.correct(bucket, plan, { exhausted: true }, clock.now());
        }
      }
      throw error;
    }
  }
  return {
    create: (request, recipient) =>
      within(request.courierAccountId, () => creator.create(request, recipient)),
    confirm: (references) => within(references.courierAccountId, () => creator.confirm(references)),
    delete: (references) => within(references.courierAccountId, () => creator.delete(references)),
  };
}
