import type { ShippingBlock } from './order-status.ts';

/** Why a shipment is not registered, made, confirmed or deleted as somebody asked. */
export const SHIPMENT_REFUSALS = [
  // What it is known by.
  'nothing-to-know-it-by',
  'number-malformed',
  'carrier-missing',
  'reference-taken',
  // The contract.
  'account-unknown',
  'account-ambiguous',
  // What is in it.
  'order-twice',
  'order-unknown',
  'line-unknown',
  'line-twice',
  'too-many',
  'nothing-left',
  'amount-malformed',
  // Whether it may be made.
  'already-shipped',
  'cancelled',
  'marketplace-ships',
  'cancellation-requested',
  'not-ready',
  /** Somebody acted on it at its marketplace by hand: asked for again with `confirmedRed`. */
  'red-order',
  // To whom.
  'buyer-unknown',
  'buyer-waiting',
  'buyer-refused',
  'buyer-deleted',
  'address-incomplete',
  'province-unknown',
  'different-recipients',
  // Where its making stands.
  'not-made-here',
  'already-made',
  'not-made-yet',
  'already-deleted',
  'too-early',
  'changed-meanwhile',
] as const satisfies readonly (ShippingBlock | string)[];
export type ShipmentRefusalCode = (typeof SHIPMENT_REFUSALS)[number];

export interface ShipmentRefusal {
  readonly code: ShipmentRefusalCode;
  /** An order's number, a line's id, a field's name, a count; never a person. */
  readonly detail: string;
}

/** A refusal that stops what is being checked; the use case that checks hands it out as its answer. */
export class ShipmentRefusedError extends Error {
  readonly refusal: ShipmentRefusal;
  constructor(code: ShipmentRefusalCode, detail = '') {
    super(`${code} ${detail}`.trim());
    this.name = 'ShipmentRefusedError';
    this.refusal = { code, detail };
  }
}

/** Runs what may be refused: the refusal becomes its answer. */
export async function refusable<Answer>(
  work: () => Promise<Answer>,
): Promise<Answer | { readonly outcome: 'refused'; readonly refusal: ShipmentRefusal }> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ShipmentRefusedError)) throw error;
    return { outcome: 'refused', refusal: error.refusal };
  }
}
