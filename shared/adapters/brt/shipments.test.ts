import { describe, expect, test } from 'vitest';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { Recipient, ShipmentRequest } from '../../ports/shipment-creator.ts';
import type { BrtClient, ShipmentCall } from './client.ts';
import type { Reaction } from './execution-codes.ts';
import { createBrtShipments } from './shipments.ts';

const request: ShipmentRequest = {
  courierAccountId: 'shop',
  senderReference: '202600000000001',
  alphanumericReference: 'ORDINE-1',
  parcelCount: 1,
  weightGrams: 1_740,
  labelFormat: 'PDF',
};
const recipient: Recipient = {
  name: 'Persona Inventata',
  address: 'Via Inventata 1',
  postcode: '60100',
  city: 'Ancona',
  province: 'an',
  countryCode: 'IT',
};
const label = (text = '%PDF-1.4 label', more: object = {}) => ({
  dataLength: '20',
  parcelID: '066010000001019999',
  trackingByParcelID: '066010000000101',
  stream: Buffer.from(text).toString('base64'),
  ...more,
});
const answerWith = (labels: unknown) => ({
  consigneeCompanyName: 'PERSONA INVENTATA',
  consigneeZIPCode: '60100',
  consigneeCity: 'ANCONA',
  consigneeProvinceAbbreviation: 'AN',
  labels: { label: labels },
});

function brt(answer: unknown, code = 0, reaction: Reaction = { do: 'go-on' }) {
  const calls: ShipmentCall[] = [];
  const client: BrtClient = {
    account: { customerCode: '1234567', departureDepot: '066', pricingConditionCode: '000' },
    async ship(call) {
      calls.push(call);
      return { code, reaction, answer };
    },
    trackParcel: () => Promise.reject(new Error('not asked for')),
    ask: () => Promise.reject(new Error('not asked for')),
  };
  return { calls, shipments: createBrtShipments(async () => client) };
}
async function sent(more: Partial<ShipmentRequest> = {}, to: Partial<Recipient> = {}) {
  const { calls, shipments } = brt(answerWith(label()));
  await shipments.create({ ...request, ...more }, { ...recipient, ...to });
  return calls[0]?.body;
}
async function problemWith(more: Partial<ShipmentRequest>, to: Partial<Recipient> = {}): Promise<string> {
  const { calls, shipments } = brt(answerWith(label()));
  const error = await shipments.create({ ...request, ...more }, { ...recipient, ...to }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CourierRefusedError)) throw new Error('it was not refused');
  expect(error).toMatchObject({ reason: 'invalid', retryable: false });
  expect(calls).toEqual([]);
  return error.message;
}

describe('a creation', () => {
  test('tells BRT what it asks for, and nothing that is not known', async () => {
    expect(await sent()).toEqual({
      createData: {
        network: ' ',
        departureDepot: 66,
        senderCustomerCode: 1234567,
        deliveryFreightTypeCode: 'DAP',
        pricingConditionCode: '000',
        consigneeCompanyName: 'Persona Inventata',
        consigneeAddress: 'Via Inventata 1',
        consigneeZIPCode: '60100',
        consigneeCity: 'Ancona',
        consigneeProvinceAbbreviation: 'AN',
        consigneeCountryAbbreviationISOAlpha2: 'IT',
        numberOfParcels: 1,
        weightKG: 1.8,
        numericSenderReference: 202600000000001,
        alphanumericSenderReference: 'ORDINE-1',
      },
      isLabelRequired: 1,
      labelParameters: { outputType: 'PDF' },
    });
  });

  test('carries cash on delivery, insurance, volume, pick-up point and notes in BRT’s units', async () => {
    const euro = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
    const body = await sent({
      volumeCm3: 4_001,
      cashOnDelivery: euro(1_990),
      insuredValue: euro(5),
      pickUpPointId: 'IT00001',
      notes: ' Citofono  rotto ',
    });
    expect(body).toMatchObject({
      createData: {
        volumeM3: 0.005,
        cashOnDelivery: 19.9,
        isCODMandatory: '1',
        codCurrency: 'EUR',
        insuranceAmount: 0.05,
        insuranceAmountCurrency: 'EUR',
        pudoId: 'IT00001',
        notes: 'Citofono rotto',
      },
    });
  });

  test('to another country goes through the partners’ network, without a province', async () => {
    expect(
      await sent({}, { countryCode: 'FR', postcode: '75001', city: 'Paris', province: undefined }),
    ).toMatchObject({ createData: { network: 'D', consigneeCountryAbbreviationISOAlpha2: 'FR' } });
  });

  test('cuts what may lose its end, and writes phones as short as they are', async () => {
    const body = await sent(
      { notes: 'n'.repeat(80) },
      { name: 'N'.repeat(80), contactName: 'C'.repeat(40), phone: '+39 071 / 12-34.56', mobile: '' },
    );
    expect(body).toMatchObject({
      createData: {
        consigneeCompanyName: 'N'.repeat(70),
        consigneeContactName: 'C'.repeat(35),
        consigneeTelephone: '+39071123456',
        notes: 'n'.repeat(70),
      },
    });
    expect(body).not.toHaveProperty('createData.consigneeMobilePhoneNumber');
  });

  test.each<[string, Partial<ShipmentRequest>, Partial<Recipient>]>([
    ['consigneeAddress has 36 characters, at most 35 are taken', {}, { address: 'V'.repeat(36) }],
    ['consigneeCity has 36', {}, { city: 'C'.repeat(36) }],
    ['consigneeEMail has 71', {}, { email: 'e'.repeat(71) }],
    ['consigneeTelephone has 17', {}, { phone: '1'.repeat(17) }],
    ['consigneeAddress is empty', {}, { address: '  ' }],
    ['consigneeCompanyName is empty', {}, { name: '' }],
    ['consigneeZIPCode has not five digits', {}, { postcode: '6010' }],
    ['consigneeProvinceAbbreviation has not two letters', {}, { province: undefined }],
    ['consigneeProvinceAbbreviation has not two letters', {}, { province: 'Ancona' }],
    ['consigneeCountryAbbreviationISOAlpha2 is no country code', {}, { countryCode: 'ITA' }],
    ['alphanumericSenderReference has 16', { alphanumericReference: 'A'.repeat(16) }, {}],
    ['numericSenderReference is no number', { senderReference: '2026000000000011' }, {}],
    ['numericSenderReference is no number', { senderReference: 'A1' }, {}],
    ['numberOfParcels is not between 1 and 30', { parcelCount: 31 }, {}],
    ['numberOfParcels is not between 1 and 30', { parcelCount: 0 }, {}],
    ['the weight is no positive whole number', { weightGrams: 0 }, {}],
    ['weightKG is above its limit', { weightGrams: 99_999_901 }, {}],
    ['volumeM3 is above its limit', { volumeCm3: 99_999_001 }, {}],
    ['cashOnDelivery is no positive amount', { cashOnDelivery: { amountMinor: 0, currency: 'EUR' } }, {}],
  ])('is not sent when %s, and the reason names no value', async (problem, more, to) => {
    const message = await problemWith(more, to);
    expect(message).toContain(problem);
    for (const value of Object.values(to)) {
      if (value !== undefined && value.length > 3) expect(message).not.toContain(value);
    }
  });

  test('at the limits is sent', async () => {
    expect(await sent({ weightGrams: 99_999_900, volumeCm3: 99_999_000, parcelCount: 1 })).toMatchObject({
      createData: { weightKG: 99_999.9, volumeM3: 99.999 },
    });
  });
});

describe('what was created', () => {
  const created = (labels: unknown, more: Partial<ShipmentRequest> = {}, code = 0, reaction?: Reaction) =>
    brt(answerWith(labels), code, reaction).shipments.create({ ...request, ...more }, recipient);

  test('has a label and two numbers for each parcel', async () => {
    const two = await created(
      [label(), label('%PDF-2', { parcelID: '066010000001029999', trackingByParcelID: '066010000000102' })],
      { parcelCount: 2 },
    );
    expect(two.parcels.map(({ trackingByParcelId }) => trackingByParcelId)).toEqual([
      '066010000000101',
      '066010000000102',
    ]);
    expect(Buffer.from(two.parcels[1]?.label ?? []).toString()).toBe('%PDF-2');
  });

  test('is read when one label is no list, and its number is a number without its zeros', async () => {
    const one = await created(label('^XA^XZ', { trackingByParcelID: 66010000000101 }), {
      labelFormat: 'ZPL',
    });
    expect(one.parcels[0]?.trackingByParcelId).toBe('066010000000101');
  });

  test('keeps BRT’s way of writing the address as a warning', async () => {
    const warned = (code: number, warning?: 'address-normalised' | 'pick-up-point-differs') =>
      created(
        label(),
        {},
        code,
        warning === undefined ? { do: 'go-on' } : { do: 'go-on-with-warning', warning },
      ).then(({ warnings }) => warnings);
    expect(await warned(0)).toEqual([]);
    expect(await warned(4, 'address-normalised')).toEqual([
      {
        kind: 'address-normalised',
        address: { name: 'PERSONA INVENTATA', postcode: '60100', city: 'ANCONA', province: 'AN' },
      },
    ]);
    expect(await warned(5, 'pick-up-point-differs')).toEqual([{ kind: 'pick-up-point-differs' }]);
    expect(await warned(77)).toEqual([{ kind: 'other', code: 77 }]);
  });

  test.each<[string, unknown]>([
    ['no label', undefined],
    ['a label too few', []],
    ['a label too many', [label(), label()]],
    ['a label that is no PDF', label('<html>')],
    ['a label that is no base64', label('', { stream: '%%%' })],
    ['an empty label', label('', { stream: '' })],
    ['a tracking number of 18 characters', label('%PDF-', { trackingByParcelID: '066010000001019999' })],
  ])('with %s is not believed', async (_, labels) => {
    await expect(created(labels)).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });
});

describe('a confirmation and a deletion', () => {
  const references = { courierAccountId: 'shop', senderReference: '202600000000001' };

  test('name the customer and the reference', async () => {
    const { calls, shipments } = brt({});
    expect(await shipments.confirm({ ...references, alphanumericReference: 'ORDINE-1' })).toBe('confirmed');
    expect(await shipments.delete(references)).toBe('deleted');
    expect(calls).toMatchObject([
      {
        method: 'PUT',
        path: '/shipments/shipment',
        settledBy: -102,
        body: {
          confirmData: {
            senderCustomerCode: 1234567,
            numericSenderReference: 202600000000001,
            alphanumericSenderReference: 'ORDINE-1',
          },
        },
      },
      {
        method: 'PUT',
        path: '/shipments/delete',
        settledBy: -151,
        body: { deleteData: { senderCustomerCode: 1234567, numericSenderReference: 202600000000001 } },
      },
    ]);
  });

  test('that were done before are done', async () => {
    expect(await brt({}, -102).shipments.confirm(references)).toBe('already-confirmed');
    expect(await brt({}, -151).shipments.delete(references)).toBe('never-existed');
  });
});
