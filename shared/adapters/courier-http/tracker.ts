import type * as z from 'zod';
import type { AskedCourier } from '../../domain/courier-account.ts';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import type { TrackingFound } from '../../domain/tracking.ts';
import type { CredentialStore } from '../../ports/credentials.ts';
import type { ShipmentTracker } from '../../ports/shipment-tracker.ts';

/** What a courier is asked by a number that is on the label. */
type NumberTracking = Pick<TrackingFound, 'events' | 'returnInstructed'>;

/** One contract with a courier: asks once, and answers or fails with one of the families. */
export type AskByNumber = (trackingNumber: string) => Promise<NumberTracking | 'not-yet'>;

export interface NumberTrackerParts<Schema extends z.ZodType> {
  readonly courier: AskedCourier;
  readonly credentials: Pick<CredentialStore, 'getCredentials'>;
  readonly schema: Schema;
  /** Called once per account, and again after the courier has refused its credentials: they may have been replaced. */
  readonly open: (credentials: z.output<Schema>) => AskByNumber;
}

/** A tracker for a courier whose number is definitive from the label on: it is what we ask by. */
export function createNumberTracker<Schema extends z.ZodType>(
  parts: NumberTrackerParts<Schema>,
): ShipmentTracker {
  const { courier } = parts;
  const opened = new Map<string, AskByNumber>();

  const askOf = async (accountId: string): Promise<AskByNumber> => {
    const known = opened.get(accountId);
    if (known !== undefined) return known;
    const parsed = parts.schema.safeParse(await parts.credentials.getCredentials(courier, accountId));
    if (!parsed.success) {
      const message = `${courier}: no usable credentials stored for account ${accountId}`;
      throw new CourierRefusedError(courier, message, { reason: 'unauthorised' });
    }
    const ask = parts.open(parsed.data);
    opened.set(accountId, ask);
    return ask;
  };

  return {
    async track({ courierAccountId, trackingNumber }) {
      if (trackingNumber === undefined) {
        throw new CourierRefusedError(courier, `${courier} track: no number`, { reason: 'invalid' });
      }
      const ask = await askOf(courierAccountId);
      try {
        const found = await ask(trackingNumber);
        if (found === 'not-yet') return { found };
        return { found: 'yes', courierShipmentId: undefined, ...found };
      } catch (error) {
        if (error instanceof CourierRefusedError && error.reason === 'unauthorised') {
          opened.delete(courierAccountId);
        }
        throw error;
      }
    },
  };
}
