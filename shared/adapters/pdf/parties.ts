import type { Receipt } from '../../domain/receipt.ts';
import type { ReceiptAddress, ReceiptBuyer } from '../../domain/receipt-buyer.ts';
import type { Seller } from '../../domain/receipt-settings.ts';
import { RECEIPT_PAGE_TEXTS } from '../../domain/texts/receipt-page/index.ts';
import { countryText } from './words.ts';

/** Lines of a block; the first one is its head. */
export type Block = readonly string[];

/** Who sells: what art. 2250 c.c. and the VAT law want on a company's papers. */
export function sellerBlock(seller: Seller, { language, destinationCountry }: Receipt): Block {
  const texts = RECEIPT_PAGE_TEXTS[language];
  const named = (label: string, value: string | undefined) =>
    value === undefined ? [] : [`${label} ${value}`];
  return [
    seller.legalName,
    ...seller.addressLines,
    placeLine(seller.postalCode, seller.city, seller.province),
    ...(seller.country === destinationCountry ? [] : [countryText(seller.country, language)]),
    ...named(texts.vatNumber, seller.vatNumber),
    ...named(texts.taxCode, seller.taxCode),
    ...named(texts.register, seller.rea),
    ...named(texts.shareCapital, seller.shareCapital),
    ...(seller.email === undefined ? [] : [seller.email]),
  ].filter((line) => line !== '');
}

/** Who bought: name, billing address and tax data; no telephone, no e-mail. */
export function buyerBlock(buyer: ReceiptBuyer | undefined, receipt: Receipt): Block {
  const texts = RECEIPT_PAGE_TEXTS[receipt.language];
  if (buyer === undefined) return [texts.buyerUnknown];
  const { name, company, billingAddress, taxCode, vatNumber } = buyer;
  return distinct([
    company ?? name,
    name,
    ...(billingAddress === undefined ? [] : addressLines(billingAddress, receipt)),
    ...(vatNumber === undefined ? [] : [`${texts.vatNumber} ${vatNumber}`]),
    ...(taxCode === undefined ? [] : [`${texts.taxCode} ${taxCode}`]),
  ]);
}

/** Where it was sent to, when that is not where the bill goes. */
export function deliveryBlock(buyer: ReceiptBuyer | undefined, receipt: Receipt): Block | undefined {
  const address = buyer?.deliveryAddress;
  if (address === undefined) return undefined;
  return distinct([address.company ?? '', address.name ?? '', ...addressLines(address, receipt)]);
}

function addressLines(address: ReceiptAddress, { language }: Receipt): string[] {
  return [
    ...address.lines,
    placeLine(address.postalCode, address.city, address.region),
    address.countryCode === undefined ? '' : countryText(address.countryCode, language),
  ];
}

function placeLine(postalCode = '', city = '', region: string | undefined): string {
  const place = `${postalCode} ${city}`.trim();
  return region === undefined || region === '' ? place : `${place} (${region})`.trim();
}

/** Nothing empty, and no line twice: a marketplace often repeats the name in the address. */
function distinct(lines: readonly string[]): Block {
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))];
}
