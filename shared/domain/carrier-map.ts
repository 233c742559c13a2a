import type { Marketplace } from './order.ts';
import { COURIERS, type Courier } from './shipment.ts';
import type { ShippingConfirmation } from './shipping-confirmation.ts';

/** A carrier as a marketplace is told of it. */
export interface MarketplaceCarrier {
  /** The marketplace's own code or name of it. */
  readonly code: string;
  /** In words, where the code is the marketplace's one for all others. */
  readonly carrierName?: string | undefined;
}

/** That a channel's marketplace calls a carrier otherwise than our table says. */
export interface CarrierChoice {
  /** A courier of ours (`brt`), or the name that a person gives to one of the `manual` ones. */
  readonly carrier: string;
  readonly code: string;
}

/** Amazon's code for a carrier that its list does not have (SP-API docs, Orders API v0, confirmShipment): it wants a name. */
const AMAZON_OTHER = 'Other';

/**
 * ManoMano's own list, as far as working integrations show it: exact, and upper and lower case count. It has no entry for
 * all others.
 */
const MANOMANO_CARRIERS: readonly string[] = [
  'BRT',
  'GLS',
  'DHL',
  'DHL Freight',
  'DHL Parcel',
  'UPS',
  'TNT',
  'Fedex',
  'DPD',
  'Poste Italiane',
  'SDA',
  'Fercam',
  'Liccardi',
  'Gel',
  'Palletways',
  'Dachser',
  'DB Schenker',
  'DSV',
  'Geodis',
  'Amazon Logistics',
  'Mondial Relay',
];

export interface CarrierRow {
  /** Ours to ask; undefined for those whose numbers a person enters. */
  readonly courier?: Exclude<Courier, 'manual'>;
  readonly name: string;
  /** What people call it besides. */
  readonly also?: readonly string[];
  /** Left out: not in Amazon's list, told as `Other` with the name. */
  readonly amazon?: string;
  /** Left out: told by its name, which eBay takes as it is. */
  readonly ebay?: string;
  /** Left out: ManoMano cannot be told. */
  readonly manomano?: string;
}

/**
 * Every carrier we have a word for. Amazon's codes are those of Seller Central's list, to the letter; eBay's are those of
 * its `ShippingCarrierCodeType`. Which of them are not seen on a real account stands in docs/unverified.md.
 */
const CARRIERS = checkedCarriers([
  {
    courier: 'brt',
    name: 'BRT',
    also: ['Bartolini', 'BRT Bartolini', 'BRT Corriere Espresso'],
    amazon: 'BRT',
    ebay: 'Bartolini',
    manomano: 'BRT',
  },
  { courier: 'gls', name: 'GLS', also: ['GLS Italy'], amazon: 'GLS', ebay: 'GLS', manomano: 'GLS' },
  { courier: 'dhl', name: 'DHL', also: ['DHL Express'], amazon: 'DHL', ebay: 'DHL', manomano: 'DHL' },
  {
    courier: 'poste',
    name: 'Poste Italiane',
    also: ['Poste'],
    amazon: 'Poste Italiane',
    manomano: 'Poste Italiane',
  },
  { courier: 'ups', name: 'UPS', amazon: 'UPS', ebay: 'UPS', manomano: 'UPS' },
  { name: 'SDA', also: ['SDA Express Courier'], amazon: 'SDA', manomano: 'SDA' },
  { name: 'FedEx', amazon: 'FedEx', ebay: 'FedEx', manomano: 'Fedex' },
  { name: 'TNT', also: ['TNT Express'], amazon: 'TNT', ebay: 'TNT', manomano: 'TNT' },
  { name: 'DPD', amazon: 'DPD', ebay: 'DPD', manomano: 'DPD' },
  { name: 'DHL Global Mail', amazon: 'DHL Global Mail' },
  { name: 'DHL Freight', manomano: 'DHL Freight' },
  { name: 'DHL Parcel', manomano: 'DHL Parcel' },
  { name: 'GO!', amazon: 'GO!' },
  { name: 'Hermes Logistik Gruppe', also: ['Hermes'], amazon: 'Hermes Logistik Gruppe' },
  { name: 'Chronopost', amazon: 'Chronopost' },
  { name: 'La Poste', amazon: 'La Poste' },
  { name: 'Deutsche Post', amazon: 'Deutsche Post' },
  { name: 'Royal Mail', amazon: 'Royal Mail' },
  { name: 'Parcelforce', amazon: 'Parcelforce' },
  { name: 'Fercam', manomano: 'Fercam' },
  { name: 'Liccardi', manomano: 'Liccardi' },
  { name: 'Gel', manomano: 'Gel' },
  { name: 'Palletways', manomano: 'Palletways' },
  { name: 'Dachser', manomano: 'Dachser' },
  { name: 'DB Schenker', also: ['Schenker'], manomano: 'DB Schenker' },
  { name: 'DSV', manomano: 'DSV' },
  { name: 'Geodis', manomano: 'Geodis' },
  { name: 'Amazon Logistics', manomano: 'Amazon Logistics' },
  { name: 'Mondial Relay', manomano: 'Mondial Relay' },
]);

/**
 * The table, when nothing in it can go wrong later.
 * @throws RangeError when a courier is missing, a word is blank, two carriers share a name, or ManoMano's list lacks one
 */
export function checkedCarriers(rows: readonly CarrierRow[]): readonly CarrierRow[] {
  for (const courier of COURIERS) {
    if (courier === 'manual') continue;
    const own = rows.filter((row) => row.courier === courier);
    if (own.length !== 1) throw new RangeError(`the carrier table has ${own.length} rows for ${courier}`);
  }
  const taken = new Set<string>();
  for (const { name, also = [], amazon, ebay, manomano } of rows) {
    if ([name, ...also, amazon, ebay, manomano].some((word) => word !== undefined && !isCarrierWord(word))) {
      throw new RangeError(`the carrier table has a word for ${name} that is none`);
    }
    if (amazon === AMAZON_OTHER)
      throw new RangeError(`the carrier table calls ${name} ${AMAZON_OTHER}: leave it out`);
    if (manomano !== undefined && !MANOMANO_CARRIERS.includes(manomano)) {
      throw new RangeError(`the carrier table calls ${name} ${manomano}, which is not in ManoMano’s list`);
    }
    for (const each of [name, ...also]) {
      if (taken.has(plain(each))) throw new RangeError(`the carrier table has ${each} twice`);
      taken.add(plain(each));
    }
  }
  return rows;
}

/**
 * How a marketplace calls a carrier; undefined when it has no word for it.
 * @param choices the channel's own, which count for more than the table
 */
export function marketplaceCarrier(
  marketplace: Marketplace,
  { courier, carrierName }: Pick<ShippingConfirmation, 'courier' | 'carrierName'>,
  choices: readonly CarrierChoice[] = [],
): MarketplaceCarrier | undefined {
  const asked = courier === 'manual' ? carrierName?.trim() : courier;
  if (asked === undefined || asked === '') return undefined;
  const row = courier === 'manual' ? rowNamed(asked) : CARRIERS.find((each) => each.courier === courier);
  const name = row?.name ?? asked;
  const chosen = choices.find(({ carrier }) => plain(carrier) === plain(asked))?.code;
  const code = chosen ?? row?.[marketplace];
  if (marketplace === 'amazon' && (code === undefined || code === AMAZON_OTHER)) {
    return { code: AMAZON_OTHER, carrierName: name };
  }
  if (code !== undefined) return { code };
  return marketplace === 'ebay' ? { code: name } : undefined;
}

/** Whether a channel's own words for carriers can be used: each carrier once, and in words that its marketplace may know. */
export function areCarrierChoices(marketplace: Marketplace, choices: readonly CarrierChoice[]): boolean {
  const carriers = choices.map(({ carrier }) => plain(carrier));
  return (
    new Set(carriers).size === carriers.length &&
    !carriers.includes('manual') &&
    choices.every(
      ({ carrier, code }) =>
        isCarrierWord(carrier) &&
        isCarrierWord(code) &&
        (marketplace !== 'manomano' || MANOMANO_CARRIERS.includes(code)),
    )
  );
}

function rowNamed(name: string): CarrierRow | undefined {
  return CARRIERS.find((row) => [row.name, ...(row.also ?? [])].some((each) => plain(each) === plain(name)));
}

function plain(name: string): string {
  return name.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

function isCarrierWord(word: string): boolean {
  return /^[\p{L}\p{N}!&.,'()/ -]{1,60}$/u.test(word) && word.trim() === word && word !== '';
}

/**
 * What a courier's numbers look like. Wide on purpose, except for BRT's: it is there to catch an order number, an empty
 * cell or a word, not a new series of numbers.
 */
const NUMBERS: Readonly<Record<Courier, RegExp>> = {
  // The shipment's, or a parcel's.
  brt: /^(\d{12}|\d{15})$/,
  gls: /^[A-Z0-9]{8,20}$/i,
  dhl: /^[A-Z0-9]{8,39}$/i,
  poste: /^[A-Z0-9]{9,25}$/i,
  ups: /^[A-Z0-9]{9,34}$/i,
  manual: /^[\x21-\x7e]{1,50}$/,
};
const PRINTABLE = /^[\x21-\x7e]{1,50}$/;
/** What a marketplace takes for a number. */
const NUMBERS_TAKEN: Readonly<Record<Marketplace, RegExp>> = {
  amazon: PRINTABLE,
  // Letters and digits only (Sell Fulfillment API, createShippingFulfillment, trackingNumber).
  ebay: /^[A-Za-z0-9]{1,50}$/,
  manomano: PRINTABLE,
};

/**
 * A tracking number as a marketplace is told it: without the spaces people write it with, and for eBay without hyphens.
 * @returns undefined when it is no number of that courier's, or the marketplace would not take it
 */
export function toldNumber(marketplace: Marketplace, courier: Courier, number: string): string | undefined {
  const compact = number.replaceAll(/\s/g, '');
  const told = marketplace === 'ebay' ? compact.replaceAll('-', '') : compact;
  return NUMBERS[courier].test(compact) && NUMBERS_TAKEN[marketplace].test(told) ? told : undefined;
}
