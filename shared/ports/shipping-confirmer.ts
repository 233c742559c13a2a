import { RejectedError } from '../domain/errors.ts';
import type { Order } from '../domain/order.ts';
import type { ShippingConfirmation } from '../domain/shipping-confirmation.ts';

/** A package as the marketplace is told of it: the carrier is already in the marketplace's own words. */
export interface ConfirmedPackage
  extends Pick<
    ShippingConfirmation,
    'packageNumber' | 'trackingNumber' | 'trackingUrl' | 'shippedAt' | 'lines'
  > {
  /** The marketplace's code or name of the carrier. */
  readonly carrierCode: string;
  /** In words, where the marketplace's code is one for all others. */
  readonly carrierName?: string | undefined;
}

/** What the marketplace itself has of a package now. */
export type RemotePackage =
  | { readonly found: 'no' }
  /** The same number. */
  | { readonly found: 'same' }
  /** The order is shipped, and the marketplace does not say with which number. */
  | { readonly found: 'shipped' }
  /** This package, or the whole order, is shipped with another number, or with none (`undefined`). */
  | { readonly found: 'other'; readonly trackingNumber: string | undefined };

/** What a package is looked for by. */
export type SoughtPackage = Pick<ConfirmedPackage, 'packageNumber' | 'trackingNumber' | 'lines'>;

/** The marketplace has these goods in a package already, and does not say in which. */
export class AlreadyInPackageError extends RejectedError {}

/**
 * Tells one marketplace how an order travels. Each call asks once. Where the marketplace takes edits (`takesEdits`), a
 * second `confirm` of the same package number replaces the first.
 */
export interface ShippingConfirmer {
  /**
   * @param order as it is stored: with its lines, their SKUs and what was shipped before
   * @throws UnavailableError when nobody knows whether it arrived: `find` before another
   * @throws RejectedError when the marketplace said no
   * @throws ThrottledError
   */
  confirm(order: Order, parcel: ConfirmedPackage): Promise<void>;
  /** Asks the marketplace what it has. */
  find(order: Order, parcel: SoughtPackage): Promise<RemotePackage>;
}
