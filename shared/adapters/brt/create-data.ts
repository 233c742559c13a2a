import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import { formatMinor, type Money } from '../../domain/money.ts';
import type { Recipient, SenderReferences, ShipmentRequest } from '../../ports/shipment-creator.ts';
import type { BrtClient } from './client.ts';

/** Characters that BRT takes, and what becomes of more: an end that says something must not be lost unseen. */
const TEXT_LIMITS = {
  consigneeCompanyName: { max: 70, tooLong: 'cut' },
  consigneeAddress: { max: 35, tooLong: 'refuse' },
  consigneeZIPCode: { max: 9, tooLong: 'refuse' },
  consigneeCity: { max: 35, tooLong: 'refuse' },
  consigneeProvinceAbbreviation: { max: 2, tooLong: 'refuse' },
  consigneeCountryAbbreviationISOAlpha2: { max: 2, tooLong: 'refuse' },
  consigneeContactName: { max: 35, tooLong: 'cut' },
  consigneeTelephone: { max: 16, tooLong: 'refuse' },
  consigneeMobilePhoneNumber: { max: 16, tooLong: 'refuse' },
  consigneeEMail: { max: 70, tooLong: 'refuse' },
  alphanumericSenderReference: { max: 15, tooLong: 'refuse' },
  notes: { max: 70, tooLong: 'cut' },
  pudoId: { max: 35, tooLong: 'refuse' },
} as const satisfies Record<string, { readonly max: number; readonly tooLong: 'cut' | 'refuse' }>;
type TextField = keyof typeof TEXT_LIMITS;

const PARCELS_MAX = 30;
/** 99,999.9 kg and 99.999 m³. */
const WEIGHT_HECTOGRAMS_MAX = 999_999;
const VOLUME_LITRES_MAX = 99_999;

/** What BRT calls `createData`. @throws CourierRefusedError naming the field and its limit, never what stood in it */
export function createDataOf(
  account: BrtClient['account'],
  request: ShipmentRequest,
  recipient: Recipient,
): Readonly<Record<string, unknown>> {
  const { parcelCount, weightGrams, volumeCm3, cashOnDelivery, insuredValue } = request;
  if (!Number.isInteger(parcelCount) || parcelCount < 1 || parcelCount > PARCELS_MAX) {
    throw invalid(`numberOfParcels is not between 1 and ${PARCELS_MAX}`);
  }
  const domestic = recipient.countryCode === 'IT';
  if (!/^[A-Z]{2}$/.test(recipient.countryCode)) {
    throw invalid('consigneeCountryAbbreviationISOAlpha2 is no country code');
  }
  if (domestic && !/^\d{5}$/.test(recipient.postcode.trim())) {
    throw invalid('consigneeZIPCode has not five digits');
  }
  if (domestic && !/^[A-Za-z]{2}$/.test(recipient.province?.trim() ?? '')) {
    throw invalid('consigneeProvinceAbbreviation has not two letters');
  }
  return {
    // Blank is BRT's own network, D that of its partners in Europe.
    network: domestic ? ' ' : 'D',
    departureDepot: Number(account.departureDepot),
    senderCustomerCode: Number(account.customerCode),
    // Paid by the sender.
    deliveryFreightTypeCode: 'DAP',
    ...required('consigneeCompanyName', recipient.name),
    ...required('consigneeAddress', recipient.address),
    ...required('consigneeZIPCode', recipient.postcode),
    ...required('consigneeCity', recipient.city),
    ...optional('consigneeProvinceAbbreviation', recipient.province?.toUpperCase()),
    ...required('consigneeCountryAbbreviationISOAlpha2', recipient.countryCode),
    ...optional('consigneeContactName', recipient.contactName),
    ...optional('consigneeTelephone', phone(recipient.phone)),
    ...optional('consigneeMobilePhoneNumber', phone(recipient.mobile)),
    ...optional('consigneeEMail', recipient.email),
    ...(account.pricingConditionCode === undefined
      ? {}
      : { pricingConditionCode: account.pricingConditionCode }),
    numberOfParcels: parcelCount,
    // In the units of the label, rounded up: a lighter parcel than stated is no trouble.
    weightKG: decimal('weightKG', Math.ceil(whole('weight', weightGrams) / 100), 1, WEIGHT_HECTOGRAMS_MAX),
    ...(volumeCm3 === undefined
      ? {}
      : {
          volumeM3: decimal('volumeM3', Math.ceil(whole('volume', volumeCm3) / 1000), 3, VOLUME_LITRES_MAX),
        }),
    ...(cashOnDelivery === undefined
      ? {}
      : {
          cashOnDelivery: amount('cashOnDelivery', cashOnDelivery),
          isCODMandatory: '1',
          codCurrency: cashOnDelivery.currency,
        }),
    ...(insuredValue === undefined
      ? {}
      : {
          insuranceAmount: amount('insuranceAmount', insuredValue),
          insuranceAmountCurrency: insuredValue.currency,
        }),
    ...referencesOf(request),
    ...optional('notes', request.notes),
    ...optional('pudoId', request.pickUpPointId),
  };
}

/** What confirms and deletes: the customer code and both references. */
export function referenceDataOf(
  account: BrtClient['account'],
  references: SenderReferences,
): Readonly<Record<string, unknown>> {
  return { senderCustomerCode: Number(account.customerCode), ...referencesOf(references) };
}

function referencesOf({ senderReference, alphanumericReference }: SenderReferences) {
  if (!/^[1-9]\d{0,14}$/.test(senderReference)) {
    throw invalid('numericSenderReference is no number of at most 15 digits');
  }
  return {
    numericSenderReference: Number(senderReference),
    ...optional('alphanumericSenderReference', alphanumericReference),
  };
}

function required(field: TextField, value: string): Partial<Record<TextField, string>> {
  const text = fitted(field, value);
  if (text === '') throw invalid(`${field} is empty`);
  return { [field]: text };
}

function optional(field: TextField, value: string | undefined): Partial<Record<TextField, string>> {
  const text = fitted(field, value ?? '');
  return text === '' ? {} : { [field]: text };
}

function fitted(field: TextField, value: string): string {
  const { max, tooLong } = TEXT_LIMITS[field];
  const text = value.replace(/\s+/g, ' ').trim();
  if (text.length <= max) return text;
  if (tooLong === 'refuse') throw invalid(`${field} has ${text.length} characters, at most ${max} are taken`);
  return text.slice(0, max).trim();
}

/** Spaces, dots and dashes in a number only cost characters. */
function phone(value: string | undefined): string | undefined {
  return value?.replace(/[\s./()-]/g, '');
}

function whole(what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value <= 0) throw invalid(`the ${what} is no positive whole number`);
  return value;
}

/** A JSON number with so many decimals: its digits are put in their place, nothing is divided. */
function decimal(field: string, units: number, digits: number, max: number): number {
  if (units > max) throw invalid(`${field} is above its limit`);
  const text = String(units).padStart(digits + 1, '0');
  return Number(`${text.slice(0, -digits)}.${text.slice(-digits)}`);
}

function amount(field: string, { amountMinor, currency }: Money): number {
  if (amountMinor <= 0) throw invalid(`${field} is no positive amount`);
  return Number(formatMinor(amountMinor, currency));
}

function invalid(problem: string): CourierRefusedError {
  return new CourierRefusedError('brt', `brt: ${problem}`, { reason: 'invalid' });
}
