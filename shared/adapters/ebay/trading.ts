import type eBayApi from 'ebay-api';
import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import {
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import type { EbayClient } from './client.ts';
import { EbayRejectedError, problemOf } from './errors.ts';

/** What of the Trading API is called. */
type TradingCall = 'GetMyeBaySelling' | 'GetItem' | 'ReviseInventoryStatus';

/**
 * Trading API docs, "Errors by number": the call allowance is used up; a token that works no more; eBay's own failure.
 * Everything else would be refused again.
 */
const THROTTLED = new Set(['518', '21919144']);
const UNAUTHORISED = new Set(['841', '931', '932', '16110', '17470', '21916013', '21916984', '21917053']);
const UNAVAILABLE = new Set(['10007', '16100']);
/** eBay counts calls by the day. */
const RETRY_AFTER_MS = 5 * 60_000;

/** Always text: read as numbers a SKU `1E5` would be 100000, and an item number would lose its last digits. */
const reader = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  // With it numbered characters are read too: `&#232;`.
  htmlEntities: true,
  isArray: (name) =>
    ['Item', 'Variation', 'NameValueList', 'Value', 'Errors', 'InventoryStatus', 'GalleryURL'].includes(name),
});

const ackSchema = z.object({
  Ack: z.enum(['Success', 'Warning', 'Failure', 'PartialFailure']),
  Errors: z.array(z.object({ ErrorCode: z.string(), SeverityCode: z.string().optional() })).optional(),
});

export interface TradingAnswer<Answer> {
  readonly answer: Answer;
  /** Some of what was asked for was not done. */
  readonly isPartial: boolean;
  readonly errorCodes: readonly string[];
}

/**
 * One call of the Trading API, which says in a body with status 200 that it failed.
 * @throws EbayRejectedError with eBay's numbers when it said no to all of it
 */
export async function callTrading<Schema extends z.ZodType>(
  client: EbayClient,
  call: TradingCall,
  fields: Parameters<eBayApi['trading'][TradingCall]>[0],
  schema: Schema,
): Promise<TradingAnswer<z.output<Schema>>> {
  const raw = await client.call(call, (api: eBayApi) => api.trading[call](fields, { returnResponse: true }));
  const body = bodyOf(call, raw.data);
  const { Ack, Errors = [] } = parsed(call, ackSchema, body);
  const errorCodes = Errors.filter(({ SeverityCode }) => SeverityCode !== 'Warning').map(
    ({ ErrorCode }) => ErrorCode,
  );
  if (Ack === 'Failure') throw refusalOf(call, errorCodes);
  return { answer: parsed(call, schema, body), isPartial: Ack === 'PartialFailure', errorCodes };
}

function bodyOf(call: TradingCall, data: unknown): unknown {
  if (typeof data !== 'string')
    throw new UnexpectedAnswerError('ebay', `ebay ${call}: the answer is no text`);
  let read: unknown;
  try {
    read = reader.parse(data, true);
  } catch {
    // Without the reader's own error: it quotes the text.
    throw new UnexpectedAnswerError('ebay', `ebay ${call}: the answer is not XML`);
  }
  const body = typeof read === 'object' && read !== null ? Reflect.get(read, `${call}Response`) : undefined;
  if (body === undefined) throw new UnexpectedAnswerError('ebay', `ebay ${call}: not its answer`);
  return body;
}

function parsed<Schema extends z.ZodType>(
  call: TradingCall,
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new UnexpectedAnswerError('ebay', `ebay ${call}: ${problemOf(read.error.issues)}`);
}

function refusalOf(call: TradingCall, codes: readonly string[]): Error {
  const text = [`ebay ${call}: failed`, ...codes.slice(0, 3).map((code) => `error ${code}`)].join(', ');
  if (codes.some((code) => THROTTLED.has(code))) {
    return new ThrottledError('ebay', text, { retryAfterMs: RETRY_AFTER_MS });
  }
  if (codes.some((code) => UNAUTHORISED.has(code))) return new RejectedError('ebay', text, { status: 401 });
  if (codes.some((code) => UNAVAILABLE.has(code))) return new UnavailableError('ebay', text);
  return new EbayRejectedError(text, {
    status: 400,
    errorIds: codes.map(Number).filter(Number.isSafeInteger),
  });
}
