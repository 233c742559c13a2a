import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import { RejectedError, UnavailableError } from '../../domain/errors.ts';
import { unexpected } from './errors.ts';

/** A question to one of BRT's SOAP services; each has an operation of its own name, in a namespace of it. */
export interface SoapQuestion {
  readonly service:
    | 'GetIdSpedizioneByRMN'
    | 'GetIdSpedizioneByRMA'
    | 'GetIdSpedizioneByIdCollo'
    | 'BRT_TrackingByBRTshipmentID';
  /** The elements of `arg0`, in the order of the service's schema, which is the alphabet's. */
  readonly input: Readonly<Record<string, string>>;
}

/** SOAP 1.1, document/literal. */
export function soapEnvelope({ service, input }: SoapQuestion): string {
  const operation = service.toLowerCase();
  const elements = Object.entries(input).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"',
    ` xmlns:brt="http://${operation}.wsbeans.iseries/"><soapenv:Header/><soapenv:Body>`,
    `<brt:${operation}><arg0>${elements.join('')}</arg0></brt:${operation}>`,
    '</soapenv:Body></soapenv:Envelope>',
  ].join('');
}

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  removeNSPrefix: true,
  // Ids begin with zeros.
  parseTagValue: false,
  trimValues: true,
});

const envelopeSchema = z.object({ Envelope: z.object({ Body: z.record(z.string(), z.unknown()) }) });
const faultSchema = z.object({ faultcode: z.string() });
const responseSchema = z.object({ return: z.record(z.string(), z.unknown()) });

/**
 * What stands under `return`, values as text; undefined when the text is no envelope, so that the HTTP status counts.
 * @throws the family of a fault: the server's may pass, one about our request does not
 */
export function soapReturn(operation: string, text: string): Readonly<Record<string, unknown>> | undefined {
  const envelope = envelopeSchema.safeParse(parsed(text));
  if (!envelope.success) return undefined;
  const { Fault: fault, [`${operation.toLowerCase()}Response`]: response } = envelope.data.Envelope.Body;
  const found = responseSchema.safeParse(response);
  if (found.success) return found.data.return;
  const { data: faulty } = faultSchema.safeParse(fault);
  if (faulty === undefined) throw unexpected(operation, 'an envelope with something else in it');
  // Its text may quote the request.
  const message = `brt ${operation}: fault`;
  if (/\bServer\b/.test(faulty.faultcode)) throw new UnavailableError('brt', `${message} of the server`);
  throw new RejectedError('brt', `${message} of the request`, { status: 400 });
}

function parsed(text: string): unknown {
  // A document type can hold entities that grow without end, and no answer of BRT's has one.
  if (/<!DOCTYPE/i.test(text)) return undefined;
  try {
    return parser.parse(text, true);
  } catch {
    return undefined;
  }
}

/** The same object with every name in lower case: the names that the REST tracking has. */
export function lowerCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.toLowerCase(), lowerCased(inner)]),
  );
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
