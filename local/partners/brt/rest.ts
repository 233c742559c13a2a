import { z } from 'zod';
import type { PartnerRequest } from '../partner.ts';
import { BrtRefusal, executionMessage, trackingData } from './answers.ts';
import { type CreateData, confirmSchema, createSchema, deleteSchema, loginSchema } from './schemas.ts';
import type { BrtShipments, Made } from './shipments.ts';
import type { BrtScenario } from './stories.ts';

/** The list of events never has fewer lines than this: BRT fills it up with empty ones. */
const EVENT_LINES_MIN = 3;
const EMPTY_EVENT = { data: '', ora: '', id: '', descrizione: '', filiale: '' };

export interface BrtCustomer {
  readonly userId: string;
  readonly password: string;
  readonly customerCode: string;
}

export type RestOperation = 'create' | 'confirm' | 'delete' | 'track';

export function restOperationOf({ method, url: { pathname } }: PartnerRequest): RestOperation | undefined {
  if (pathname === '/rest/v1/shipments/shipment' && method === 'POST') return 'create';
  if (pathname === '/rest/v1/shipments/shipment' && method === 'PUT') return 'confirm';
  if (pathname === '/rest/v1/shipments/delete' && method === 'PUT') return 'delete';
  return pathname.startsWith('/rest/v1/tracking/parcelID/') && method === 'GET' ? 'track' : undefined;
}

export const rootOf = (operation: RestOperation): string =>
  operation === 'track' ? 'ttParcelIdResponse' : `${operation}Response`;

/** BRT's REST services over the shipments it has. */
export class RestApi {
  readonly #shipments: BrtShipments;
  readonly #customer: () => BrtCustomer;
  readonly #scenarioOf: (numericSenderReference: string) => BrtScenario;

  constructor(
    shipments: BrtShipments,
    customer: () => BrtCustomer,
    scenarioOf: (numericSenderReference: string) => BrtScenario,
  ) {
    this.#shipments = shipments;
    this.#customer = customer;
    this.#scenarioOf = scenarioOf;
  }

  /** @returns what stands under the root */
  answer(operation: RestOperation, request: PartnerRequest): object {
    if (request.headers.accept !== 'application/json') throw new BrtRefusal(-5, 'Accept');
    if (operation === 'track') return this.#track(request);
    if (request.headers['content-type'] !== 'application/json') throw new BrtRefusal(-5, 'Content-Type');
    const body = jsonOf(request.body);
    const login = loginSchema.safeParse(body);
    if (!login.success) throw new BrtRefusal(-57, 'a part of the login is missing');
    this.#checkLogin(login.data.account.userID, login.data.account.password);
    switch (operation) {
      case 'create':
        return this.#create(body);
      case 'confirm': {
        const { confirmData } = parsed(confirmSchema, body);
        this.#checkCustomer(confirmData.senderCustomerCode);
        return done(this.#shipments.confirm(String(confirmData.numericSenderReference)));
      }
      case 'delete': {
        const { deleteData } = parsed(deleteSchema, body);
        this.#checkCustomer(deleteData.senderCustomerCode);
        return done(this.#shipments.delete(String(deleteData.numericSenderReference)));
      }
    }
  }

  #create(body: unknown): object {
    const { createData, labelParameters, isLabelRequired } = parsed(createSchema, body);
    this.#checkCustomer(createData.senderCustomerCode);
    checkContents(createData);
    const numericSenderReference = String(createData.numericSenderReference);
    const made = this.#shipments.make({
      numericSenderReference,
      alphanumericSenderReference: createData.alphanumericSenderReference ?? '',
      scenario: this.#scenarioOf(numericSenderReference),
      depot: createData.departureDepot,
      parcelCount: createData.numberOfParcels,
    });
    const city = normalised(createData.consigneeCity);
    return {
      currentTimeUTC: new Date(made.createdAtMs).toISOString(),
      executionMessage: executionMessage(city === createData.consigneeCity ? 0 : 4),
      arrivalDepot: '092',
      departureDepot: made.depot,
      consigneeCompanyName: normalised(createData.consigneeCompanyName),
      consigneeZIPCode: createData.consigneeZIPCode,
      consigneeCity: city,
      consigneeProvinceAbbreviation: createData.consigneeProvinceAbbreviation ?? '',
      numberOfParcels: String(createData.numberOfParcels),
      weightKG: String(createData.weightKG),
      alphanumericSenderReference: made.alphanumericSenderReference,
      ...(isLabelRequired === 1 ? { labels: { label: labels(made, labelParameters.outputType) } } : {}),
    };
  }

  #track({ url, headers }: PartnerRequest): object {
    this.#checkLogin(headers.userid ?? '', headers.password ?? '');
    const id = decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1));
    // The eighteen characters of the barcode do not serve here.
    if (!/^\d{15}$/.test(id)) throw new BrtRefusal(-30, 'not a parcel');
    const shown = this.#shipments.byParcel(id);
    if (shown === undefined) throw new BrtRefusal(-11, 'not found');
    const { bolla, events, notes } = trackingData(shown);
    const padding = Array.from({ length: Math.max(0, EVENT_LINES_MIN - events.length) }, () => EMPTY_EVENT);
    return {
      executionMessage: executionMessage(0),
      esito: 0,
      versione: '1.0',
      bolla,
      lista_eventi: [...events, ...padding].map((evento) => ({ evento })),
      lista_note: notes.map((descrizione) => ({ nota: { descrizione } })),
      contatore_eventi: events.length,
      contatore_note: notes.length,
    };
  }

  #checkLogin(userId: string, password: string): void {
    const customer = this.#customer();
    if (userId === '' || password === '') throw new BrtRefusal(-57, 'a part of the login is missing');
    if (userId !== customer.userId || password !== customer.password)
      throw new BrtRefusal(-7, 'login failed');
  }

  #checkCustomer(senderCustomerCode: number): void {
    if (String(senderCustomerCode) !== this.#customer().customerCode) {
      throw new BrtRefusal(-67, 'not an account of this user');
    }
  }
}

function checkContents(data: CreateData): void {
  const italian = data.consigneeCountryAbbreviationISOAlpha2 === 'IT';
  const routed = /^\d{5}$/.test(data.consigneeZIPCode) && data.consigneeZIPCode !== '00000';
  if (italian && !(routed && /^[A-Z]{2}$/.test(data.consigneeProvinceAbbreviation ?? ''))) {
    throw new BrtRefusal(-63, 'no route');
  }
  if (italian === (data.network === 'D')) throw new BrtRefusal(-68, 'network and country');
  if ((data.cashOnDelivery ?? 0) > 0 !== (data.isCODMandatory === '1')) {
    throw new BrtRefusal(-68, 'cash on delivery');
  }
  if (data.pudoId !== undefined && !/^IT\d{5}$/.test(data.pudoId)) throw new BrtRefusal(-69, 'no such pudo');
}

function labels(made: Made, outputType: 'PDF' | 'ZPL'): object[] {
  return made.parcels.map(({ parcelID, trackingByParcelID }) => {
    const text = outputType === 'PDF' ? `%PDF-1.4\n% ${parcelID}\n%%EOF\n` : `^XA^FD${parcelID}^FS^XZ`;
    const stream = Buffer.from(text).toString('base64');
    return { dataLength: String(stream.length), parcelID, trackingByParcelID, stream };
  });
}

function done(code: number): object {
  if (code < 0) throw new BrtRefusal(code, 'refused');
  return { executionMessage: executionMessage(code) };
}

function parsed<Output>(schema: z.ZodType<Output>, body: unknown): Output {
  const result = schema.safeParse(body);
  if (!result.success) throw new BrtRefusal(-5, z.prettifyError(result.error));
  return result.data;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new BrtRefusal(-5, 'not JSON');
  }
}

const normalised = (text: string): string => text.toUpperCase();
