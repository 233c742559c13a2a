import type { Buyer, PostalAddress } from './buyer.ts';

/** Who buys, as it stands on a document: nothing more than it needs. Personal data; never stored outside the PDF. */
export interface ReceiptBuyer {
  readonly name: string;
  readonly company?: string | undefined;
  readonly billingAddress?: ReceiptAddress | undefined;
  /** Only where it differs from the billing address. */
  readonly deliveryAddress?: ReceiptAddress | undefined;
  readonly taxCode?: string | undefined;
  readonly vatNumber?: string | undefined;
  /** Where an Italian business wants its electronic invoice: SdI recipient code or certified mail. */
  readonly invoiceDestination?: string | undefined;
}

export interface ReceiptAddress {
  readonly name?: string | undefined;
  readonly company?: string | undefined;
  readonly lines: readonly string[];
  readonly postalCode?: string | undefined;
  readonly city?: string | undefined;
  readonly region?: string | undefined;
  readonly countryCode?: string | undefined;
}

/** The buyer of a document; undefined when nobody's name is known (any more). */
export function receiptBuyerOf(buyer: Buyer | undefined): ReceiptBuyer | undefined {
  if (buyer === undefined || buyer.state !== 'present') return undefined;
  const billing = buyer.billingAddress ?? buyer.deliveryAddress;
  const vat = buyer.taxRegistrations.find(({ kind }) => kind.toUpperCase().includes('VAT'));
  const taxCode = buyer.taxRegistrations.find((registration) => registration !== vat);
  const name = buyer.name ?? vat?.legalName ?? billing?.name ?? buyer.company ?? billing?.company;
  if (name === undefined) return undefined;
  const billingAddress = billing && addressOf(billing);
  const deliveryAddress = buyer.deliveryAddress && addressOf(buyer.deliveryAddress);
  return {
    name,
    company: buyer.company ?? vat?.legalName ?? billing?.company,
    billingAddress,
    ...(deliveryAddress === undefined || isSame(deliveryAddress, billingAddress) ? {} : { deliveryAddress }),
    taxCode: taxCode?.number,
    vatNumber: vat?.number,
    invoiceDestination: buyer.invoiceDestination,
  };
}

function addressOf(address: PostalAddress): ReceiptAddress {
  const { name, company, lines, postalCode, city, region, countryCode } = address;
  return { name, company, lines, postalCode, city, region, countryCode };
}

function isSame(one: ReceiptAddress, other: ReceiptAddress | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
