import type { RefusalReason } from './courier-refusal.ts';
import type { Courier } from './shipment.ts';

/** Couriers that can be asked, each under a contract. */
export type AskedCourier = Exclude<Courier, 'manual'>;

/** A shipment that nobody can be asked about stands under no contract. */
export const NO_COURIER_ACCOUNT = 'none';

/** The shop's contract with a courier, as far as it may be shown: the secrets themselves stand elsewhere. */
export interface CourierAccount {
  readonly courier: AskedCourier;
  readonly courierAccountId: string;
  /** For people. */
  readonly name: string;
  /** ISO instant. */
  readonly openedAt: string;
  /** When the credentials in use were written; undefined while there are none. ISO instant. */
  readonly credentialsSavedAt?: string | undefined;
  /** What the courier last said of the credentials; undefined while nobody has asked. */
  readonly checked?: CourierAccountCheck | undefined;
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

export interface CourierAccountCheck {
  /** ISO instant. */
  readonly at: string;
  /** None: it lets us in. */
  readonly problem?: CourierAccountProblem | undefined;
}
export type CourierAccountProblem =
  | Extract<RefusalReason, 'unauthorised'>
  | 'throttled'
  | 'unavailable'
  | 'unexpected-answer';

const ACCOUNT_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** Lower-case letters, digits and hyphens: it stands in the name of a parameter. */
export function isCourierAccountId(id: string): boolean {
  return ACCOUNT_ID.test(id) && id !== NO_COURIER_ACCOUNT;
}

interface CourierCredential {
  readonly name: string;
  readonly optional?: true;
}

/** What a courier gives a shop to sign in with, under the names its adapter reads. */
const FIELDS: Readonly<Record<AskedCourier, readonly CourierCredential[]>> = {
  brt: [
    { name: 'userId' },
    { name: 'password' },
    { name: 'customerCode' },
    { name: 'departureDepot' },
    { name: 'pricingConditionCode', optional: true },
  ],
  gls: [{ name: 'depot' }, { name: 'contractCode' }],
  dhl: [{ name: 'apiKey' }],
  poste: [{ name: 'clientId' }, { name: 'clientSecret' }],
  ups: [{ name: 'clientId' }, { name: 'clientSecret' }],
};

/** The names of what is missing from, or does not belong into, a courier's credentials; empty when nothing is wrong. */
export function courierCredentialFaults(
  courier: AskedCourier,
  secrets: Readonly<Record<string, string>>,
): readonly { readonly field: string; readonly fault: 'missing' | 'unknown' }[] {
  const fields = FIELDS[courier];
  return [
    ...fields
      .filter(({ name, optional }) => optional !== true && (secrets[name] ?? '').trim() === '')
      .map(({ name }) => ({ field: name, fault: 'missing' as const })),
    ...Object.keys(secrets)
      .filter((field) => !fields.some(({ name }) => name === field))
      .map((field) => ({ field, fault: 'unknown' as const })),
  ];
}
