import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { PartnerAnswer } from '../partner.ts';
import { BrtRefusal, trackingData } from './answers.ts';
import type { BrtShipments, Made, Shown } from './shipments.ts';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
/** Elements of `arg0` in the order of each service's schema. */
const INPUTS = {
  GetIdSpedizioneByRMN: ['CLIENTE_ID', 'RIFERIMENTO_MITTENTE_NUMERICO'],
  GetIdSpedizioneByRMA: ['CLIENTE_ID', 'RIFERIMENTO_MITTENTE_ALFABETICO'],
  GetIdSpedizioneByIdCollo: ['CLIENTE_ID', 'COLLO_ID'],
  BRT_TrackingByBRTshipmentID: ['LINGUA_ISO639_ALPHA2', 'SPEDIZIONE_ANNO', 'SPEDIZIONE_BRT_ID'],
} as const;
export type SoapService = keyof typeof INPUTS;

export function soapServiceOf(pathname: string): SoapService | undefined {
  const services = Object.keys(INPUTS) as SoapService[];
  return services.find((service) => pathname === `/web/${service}Service/${service}`);
}

/** Names keep their prefixes: which namespace they are in is checked too. */
const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, attributeNamePrefix: '@' });

/** The `arg0` of a request. @throws BrtRefusal -4 for what the service's schema does not have */
export function soapInput(service: SoapService, body: string): Readonly<Record<string, string>> {
  const operation = service.toLowerCase();
  const envelope = z.strictObject({
    '?xml': z.object({}).optional(),
    'soapenv:Envelope': z.strictObject({
      '@xmlns:soapenv': z.literal(ENVELOPE),
      '@xmlns:brt': z.literal(`http://${operation}.wsbeans.iseries/`),
      'soapenv:Header': z.literal('').optional(),
      'soapenv:Body': z.strictObject({
        [`brt:${operation}`]: z.strictObject({ arg0: z.record(z.string(), z.string()) }),
      }),
    }),
  });
  let parsed: z.ZodSafeParseResult<z.infer<typeof envelope>>;
  try {
    parsed = envelope.safeParse(parser.parse(body, true));
  } catch {
    throw new BrtRefusal(-4, 'not well-formed');
  }
  if (!parsed.success) throw new BrtRefusal(-4, z.prettifyError(parsed.error));
  const arg0 = parsed.data['soapenv:Envelope']['soapenv:Body'][`brt:${operation}`]?.arg0 ?? {};
  if (Object.keys(arg0).join() !== INPUTS[service].join())
    throw new BrtRefusal(-4, 'other elements, or in another order');
  return arg0;
}

/** @returns the elements under `return`, as XML */
export function soapResult(
  service: SoapService,
  input: Readonly<Record<string, string>>,
  shipments: BrtShipments,
  customerCode: string,
): string {
  if (service === 'BRT_TrackingByBRTshipmentID') {
    const {
      LINGUA_ISO639_ALPHA2: language = '',
      SPEDIZIONE_ANNO: year = '',
      SPEDIZIONE_BRT_ID: id = '',
    } = input;
    if (!/^\d{12}$/.test(id)) throw new BrtRefusal(-10, 'not twelve digits');
    if (!/^\d{1,4}$/.test(year)) throw new BrtRefusal(-5, 'not a year');
    const shown = shipments.byId(id, Number(year));
    if (shown === undefined) throw new BrtRefusal(-11, 'not found');
    const known = ['', 'it', 'en', 'fr', 'de'].includes(language.toLowerCase());
    return trackingXml(shown, known ? 0 : 2);
  }
  if (input.CLIENTE_ID !== customerCode) throw new BrtRefusal(-21, 'not this customer');
  const found = lookUp(service, input, shipments);
  if (found.length > 1) throw new BrtRefusal(-22, 'not unique');
  const [made] = found;
  if (made === undefined) throw new BrtRefusal(-11, 'not found');
  return `<ESITO>0</ESITO><SPEDIZIONE_ID>${made.shipmentId}</SPEDIZIONE_ID><VERSIONE>1.0</VERSIONE>`;
}

function lookUp(
  service: Exclude<SoapService, 'BRT_TrackingByBRTshipmentID'>,
  input: Readonly<Record<string, string>>,
  shipments: BrtShipments,
): readonly Made[] {
  const [, field] = INPUTS[service];
  const value = input[field] ?? '';
  switch (service) {
    case 'GetIdSpedizioneByRMN':
      if (!/^\d{1,15}$/.test(value)) throw new BrtRefusal(-20, 'not a number of 15 digits');
      return shipments.takenOverBy(value);
    case 'GetIdSpedizioneByRMA':
      if (value === '' || value.length > 15) throw new BrtRefusal(-23, 'not a reference');
      return shipments.takenOver((made) => made.alphanumericSenderReference === value);
    case 'GetIdSpedizioneByIdCollo':
      if (value === '' || value.length > 35) throw new BrtRefusal(-30, 'not a parcel');
      return shipments.takenOver((made) => made.parcels.some(({ parcelID }) => parcelID === value));
  }
}

export function soapAnswer(service: SoapService, result: string, status = 200): PartnerAnswer {
  const operation = service.toLowerCase();
  const response = `<ns2:${operation}Response xmlns:ns2="http://${operation}.wsbeans.iseries/"><return>${result}</return></ns2:${operation}Response>`;
  return envelopeAnswer(service, response, status);
}

export function soapFault(service: SoapService): PartnerAnswer {
  const fault =
    '<S:Fault><faultcode>S:Server</faultcode><faultstring>RPG program failed</faultstring></S:Fault>';
  return envelopeAnswer(service, fault, 500);
}

function envelopeAnswer(operation: string, body: string, status: number): PartnerAnswer {
  return {
    operation,
    status,
    headers: { 'content-type': 'text/xml;charset=utf-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="${ENVELOPE}"><S:Body>${body}</S:Body></S:Envelope>`,
  };
}

/** The REST tracking's names in upper case; an event is an element that is repeated. */
function trackingXml(shown: Shown, outcome: number): string {
  const { bolla, events, notes } = trackingData(shown);
  const blocks = Object.entries(bolla).map(([name, fields]) => element(name, elements(fields)));
  const lines = events.map((event) => element('lista_eventi', element('evento', elements(event))));
  const remarks = notes.map((note) => element('lista_note', element('nota', element('descrizione', note))));
  return [
    element('bolla', blocks.join('')),
    element('contatore_eventi', String(events.length)),
    element('esito', String(outcome)),
    ...lines,
    ...remarks,
  ].join('');
}

const elements = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => element(name, value))
    .join('');

function element(name: string, content: string): string {
  return `<${name.toUpperCase()}>${content}</${name.toUpperCase()}>`;
}
