/** Whose VAT, if any, is in the price. */
export const VAT_TREATMENTS = [
  /** The seller's own country's: sales at home, and to EU consumers below the threshold of distance sales. */
  'domestic',
  /** The country's of destination, declared through the one-stop shop. */
  'one-stop-shop',
  /** None: a business in another EU country accounts for it. */
  'reverse-charge',
  /** None: the goods leave the EU. */
  'export',
] as const;
export type VatTreatment = (typeof VAT_TREATMENTS)[number];

/** SdI's codes for why an operation bears no VAT (specifications of the Italian electronic invoice, field Natura). */
export const NATURES: Readonly<Partial<Record<VatTreatment, string>>> = {
  'reverse-charge': 'N3.2',
  export: 'N3.1',
};

/** ISO 3166-1 alpha-2. */
export const EU_COUNTRIES: readonly string[] =
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');
const EU: ReadonlySet<string> = new Set(EU_COUNTRIES);

/** @param country ISO 3166-1 alpha-2 */
export function isEuCountry(country: string): boolean {
  return EU.has(country);
}

export interface VatCircumstances {
  /** ISO 3166-1 alpha-2, this and the next two. */
  readonly sellerCountry: string;
  readonly destinationCountry: string;
  /** The EU country of the VAT number that a business buyer gave, where it gave one. */
  readonly buyerVatCountry: string | undefined;
  readonly business: boolean;
  readonly oneStopShop: boolean;
  /** The marketplace says that VAT was charged: then it was, whatever might have applied. */
  readonly vatCharged: boolean;
}

/** Which VAT is in an order's amounts, and of which country. */
export function vatTreatmentOf(circumstances: VatCircumstances): {
  readonly treatment: VatTreatment;
  readonly country: string;
} {
  const { sellerCountry, destinationCountry, buyerVatCountry, business, oneStopShop, vatCharged } =
    circumstances;
  const abroad = destinationCountry !== sellerCountry;
  // A business that gives no VAT number is a consumer to VAT.
  const taxable = business && buyerVatCountry !== undefined;
  if (abroad && !vatCharged) {
    if (!isEuCountry(destinationCountry)) return { treatment: 'export', country: destinationCountry };
    if (taxable && buyerVatCountry !== sellerCountry) {
      return { treatment: 'reverse-charge', country: destinationCountry };
    }
  }
  return abroad && isEuCountry(destinationCountry) && oneStopShop && !taxable
    ? { treatment: 'one-stop-shop', country: destinationCountry }
    : { treatment: 'domestic', country: sellerCountry };
}

/** The country a VAT number names in its first two letters; Greece writes EL. */
export function vatNumberCountry(number: string): string | undefined {
  const letters = /^\s*([A-Za-z]{2})[\s.-]*[0-9A-Za-z]/.exec(number)?.[1]?.toUpperCase();
  const country = letters === 'EL' ? 'GR' : letters;
  return country !== undefined && isEuCountry(country) ? country : undefined;
}
