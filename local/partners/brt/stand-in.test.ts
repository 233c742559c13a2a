import { describe, expect, test } from 'vitest';
import { CONNECTION_DROPPED } from '../partner.ts';
import { createBrtStandIn } from './stand-in.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const HOUR_MS = 3_600_000;
const CUSTOMER = { userId: 'demo', password: 'demo-not-a-secret', customerCode: '9000001' };
const account = { userID: CUSTOMER.userId, password: CUSTOMER.password };
const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };
const XML_HEADERS = { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' };
const createData = {
  departureDepot: 66,
  senderCustomerCode: 9_000_001,
  deliveryFreightTypeCode: 'DAP',
  consigneeCompanyName: 'PERSONA INVENTATA',
  consigneeAddress: 'VIA INVENTATA 1',
  consigneeZIPCode: '60100',
  consigneeCity: 'ANCONA',
  consigneeProvinceAbbreviation: 'AN',
  consigneeCountryAbbreviationISOAlpha2: 'IT',
  numericSenderReference: 7,
  numberOfParcels: 1,
  weightKG: 1.5,
};
const creation = { account, createData, isLabelRequired: 1, labelParameters: { outputType: 'PDF' } };
const lookUp = (arg0: string, name = 'getidspedizionebyrmn') =>
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:brt="http://${name}.wsbeans.iseries/"><soapenv:Body><brt:${name}><arg0>${arg0}</arg0></brt:${name}></soapenv:Body></soapenv:Envelope>`;
const RMN =
  '<CLIENTE_ID>9000001</CLIENTE_ID><RIFERIMENTO_MITTENTE_NUMERICO>7</RIFERIMENTO_MITTENTE_NUMERICO>';

function shop() {
  const clock = { nowMs: NOW };
  const brt = createBrtStandIn({ customer: CUSTOMER, now: () => clock.nowMs });
  const send = (method: string, url: string, headers: Record<string, string>, body = '') => {
    const answer = brt.answer({ method, url: new URL(url), headers, body });
    if (answer === CONNECTION_DROPPED) throw new Error('dropped');
    return answer;
  };
  const create = (body: unknown, headers: Record<string, string> = JSON_HEADERS) =>
    JSON.parse(
      send('POST', 'https://api.brt.it/rest/v1/shipments/shipment', headers, JSON.stringify(body)).body,
    ).createResponse.executionMessage.code;
  const soap = (body: string, headers: Record<string, string> = XML_HEADERS) =>
    /<ESITO>(-?\d+)</.exec(
      send(
        'POST',
        'https://wsr.brt.it:10052/web/GetIdSpedizioneByRMNService/GetIdSpedizioneByRMN',
        headers,
        body,
      ).body,
    )?.[1];
  return { brt, clock, send, create, soap };
}

describe('a creation', () => {
  test('of all that is asked for is done', () => {
    const { brt, create } = shop();
    expect(create(creation)).toBe(0);
    expect(brt.truths('7')).toEqual([{ shipmentId: undefined, state: 'made' }]);
  });

  test.each<[string, unknown, number]>([
    ['an unknown field', { ...creation, createData: { ...createData, colour: 'red' } }, -5],
    [
      'an address of 36',
      { ...creation, createData: { ...createData, consigneeAddress: 'V'.repeat(36) } },
      -5,
    ],
    ['notes of 71', { ...creation, createData: { ...createData, notes: 'N'.repeat(71) } }, -5],
    ['31 parcels', { ...creation, createData: { ...createData, numberOfParcels: 31 } }, -5],
    ['two decimals of a kilogram', { ...creation, createData: { ...createData, weightKG: 1.55 } }, -5],
    ['a reference as text', { ...creation, createData: { ...createData, numericSenderReference: '7' } }, -5],
    ['no label parameters', { ...creation, labelParameters: undefined }, -5],
    ['no password', { ...creation, account: { userID: 'demo' } }, -57],
    ['another password', { ...creation, account: { ...account, password: 'x' } }, -7],
    ['another customer', { ...creation, createData: { ...createData, senderCustomerCode: 1 } }, -67],
    ['no province', { ...creation, createData: { ...createData, consigneeProvinceAbbreviation: '' } }, -63],
    ['cash without being mandatory', { ...creation, createData: { ...createData, cashOnDelivery: 5 } }, -68],
  ])('with %s is refused', (_, body, code) => {
    const { brt, create } = shop();
    expect(create(body)).toBe(code);
    expect(brt.truths('7')).toEqual([]);
  });

  test('without the headers is refused', () => {
    expect(shop().create(creation, { accept: 'application/json' })).toBe(-5);
    expect(shop().create(creation, { 'content-type': 'application/json' })).toBe(-5);
  });
});

describe('a question in SOAP', () => {
  test('is answered when the depot has the goods', () => {
    const { brt, clock, soap } = shop();
    brt.make({ numericSenderReference: '7', scenario: 'delivered' });
    expect(soap(lookUp(RMN))).toBe('-11');
    clock.nowMs += 2 * HOUR_MS;
    expect(soap(lookUp(RMN))).toBe('0');
    brt.make({ numericSenderReference: '7', scenario: 'delivered' });
    clock.nowMs += 2 * HOUR_MS;
    expect(soap(lookUp(RMN))).toBe('-22');
  });

  test.each([
    ['another customer', lookUp(RMN.replace('9000001', '9000002')), '-21'],
    ['no number', lookUp(RMN.replace('>7<', '>A<')), '-20'],
    ['the elements turned around', lookUp(RMN.replace(/(.*ID>)(<R.*)/, '$2$1')), '-4'],
    ['an element too many', lookUp(`${RMN}<PASSWORD>x</PASSWORD>`), '-4'],
    ['another namespace', lookUp(RMN).replace('wsbeans', 'beans'), '-4'],
    ['half a body', lookUp(RMN).slice(0, 200), '-4'],
  ])('with %s is refused', (_, body, code) => {
    expect(shop().soap(body)).toBe(code);
  });

  test('with a password, or without an action, is refused', () => {
    expect(shop().soap(lookUp(RMN), { ...XML_HEADERS, password: 'x' })).toBe('-4');
    expect(shop().soap(lookUp(RMN), { 'content-type': 'text/xml; charset=utf-8' })).toBe('-4');
  });
});

test('more than 18,000 calls in any hour are refused, and an hour later they are not', () => {
  const { clock, send, brt } = shop();
  const track = () =>
    send('GET', 'https://api.brt.it/rest/v1/tracking/parcelID/066010000000101', {
      accept: 'application/json',
      userid: CUSTOMER.userId,
      password: CUSTOMER.password,
    }).status;
  for (let i = 0; i < 18_000; i += 1) {
    clock.nowMs = NOW + i;
    if (track() !== 200) throw new Error(`refused after ${i}`);
  }
  expect(track()).toBe(429);
  clock.nowMs = NOW + HOUR_MS - 1;
  expect(track()).toBe(429);
  clock.nowMs = NOW + HOUR_MS;
  expect(track()).toBe(200);
  expect(brt.calls.get('track')).toBe(18_003);
});

test('what nobody offers is not there', () => {
  const { send } = shop();
  expect(send('GET', 'https://api.brt.it/rest/v1/tracking/shipmentID/1', {}).status).toBe(404);
  expect(send('GET', 'https://wsr.brt.it:10052/web/X?wsdl', {}).status).toBe(404);
});
