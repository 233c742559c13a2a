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
  /** Kept from the first question on: several that come together sign in once. */
  const opened = new Map<string, Promise<AskByNumber>>();

  const open = async (accountId: string): Promise<AskByNumber> => {
    const parsed = parts.schema.safeParse(await parts.credentials.getCredentials(courier, accountId));
    if (parsed.success) return parts.open(parsed.data);
    const message = `${courier}: no usable credentials stored for account ${accountId}`;
    throw new CourierRefusedError(courier, message, { reason: 'unauthorised' });
  };

  /** Not kept after a failure to open, nor after a refusal. */
  const asking = async (
    accountId: string,
    ask: (account: AskByNumber) => Promise<NumberTracking | 'not-yet'>,
  ) => {
    const opening = opened.get(accountId) ?? open(accountId);
    opened.set(accountId, opening);
    let account: AskByNumber | undefined;
    try {
      account = await opening;
      return await ask(account);
    } catch (error) {
      const isRefused = error instanceof CourierRefusedError && error.reason === 'unauthorised';
      const isMine = opened.get(accountId) === opening;
      if (isMine && (isRefused || account === undefined)) opened.delete(accountId);
      throw error;
    }
  };

  return {
    async track({ courierAccountId, trackingNumber }) {
      if (trackingNumber === undefined) {
        throw new CourierRefusedError(courier, `${courier} track: no number`, { reason: 'invalid' });
      }
      const found = await asking(courierAccountId, (ask) => ask(trackingNumber));
      if (found === 'not-yet') return { found };
      return { found: 'yes', courierShipmentId: undefined, ...found };
    },
  };
}
