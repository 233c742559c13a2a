import type { Buyer, PostalAddress } from './buyer.ts';
import { provinceLetters } from './italian-provinces.ts';
import { ShipmentRefusedError } from './shipment-refusal.ts';

/** Personal data: never stored with the shipment, never in an error. */
export interface Recipient {
  readonly name: string;
  /** Street and number. */
  readonly address: string;
  readonly postcode: string;
  readonly city: string;
  /** Two letters; Italy. */
  readonly province?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
  readonly contactName?: string | undefined;
  readonly phone?: string | undefined;
  readonly mobile?: string | undefined;
  readonly email?: string | undefined;
}

/**
 * To whom the goods of an order go: the address that a person put in the place of the buyer's, else the buyer's own.
 * @param orderNumber for the refusal, which names nothing else
 * @throws ShipmentRefusedError when nobody knows, or an address lacks a part without which nothing arrives
 */
export function recipientOf(buyer: Buyer | undefined, orderNumber: string): Recipient {
  if (buyer === undefined) throw new ShipmentRefusedError('buyer-unknown', orderNumber);
  if (buyer.state === 'deleted') throw new ShipmentRefusedError('buyer-deleted', orderNumber);
  const address = buyer.shipTo ?? buyer.deliveryAddress;
  if (address === undefined && buyer.state !== 'present') {
    throw new ShipmentRefusedError(
      buyer.state === 'refused' ? 'buyer-refused' : 'buyer-waiting',
      orderNumber,
    );
  }
  const person = address?.name ?? buyer.name;
  const name = address?.company ?? person;
  const street = (address?.lines ?? []).filter((line) => line.trim() !== '').join(', ');
  const { postalCode: postcode, city, countryCode } = address ?? {};
  if (!name || street === '' || !postcode || !city || !countryCode) {
    throw new ShipmentRefusedError('address-incomplete', orderNumber);
  }
  const phone = address?.phone;
  // Italian mobile numbers begin with 3; BRT tells the buyer by SMS where it has one.
  const mobile = /^(?:\+?39|0039)?3\d{8,9}$/.test((phone ?? '').replace(/[\s./()-]/g, ''));
  return {
    name,
    address: street,
    postcode,
    city,
    countryCode: countryCode.toUpperCase(),
    ...(countryCode.toUpperCase() === 'IT' ? { province: provinceOf(address, orderNumber) } : {}),
    ...(person !== undefined && person !== name ? { contactName: person } : {}),
    // Not the e-mail: a marketplace's is an address of its own, for messages about the order.
    ...(phone === undefined ? {} : mobile ? { mobile: phone } : { phone }),
  };
}

function provinceOf(address: PostalAddress | undefined, orderNumber: string): string {
  for (const place of [address?.region, address?.district, address?.city]) {
    const letters = place === undefined ? undefined : provinceLetters(place);
    if (letters !== undefined) return letters;
  }
  throw new ShipmentRefusedError('province-unknown', orderNumber);
}

/** Whether two orders go to the same door: only then they may travel together. */
export function isSameRecipient(one: Recipient, other: Recipient): boolean {
  const spelled = ({ name, address, postcode, city }: Recipient) =>
    [name, address, postcode, city].map((part) => part.toLowerCase().replace(/\W+/g, ' ').trim()).join('|');
  return spelled(one) === spelled(other);
}
