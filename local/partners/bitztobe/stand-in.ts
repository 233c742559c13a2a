import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { CONNECTION_DROPPED, type Partner, type PartnerAnswer, type PartnerRequest } from '../partner.ts';
import { emptyAnswer, IssuerRefusal, jsonAnswer, onePage, pdfAnswer, problemAnswer } from './answers.ts';
import { associationSchema, creditSchema, type Figures, newReceiptSchema } from './schemas.ts';

/** What the next call meets instead of an answer. */
export type IssuerTrouble =
  | 'throttled'
  | 'server-error'
  /** The call is carried out, and nobody hears of it. */
  | 'answer-lost'
  | 'dropped'
  /** The answer ends in the middle. */
  | 'truncated';

/** A document as the issuer has it. It remembers whether somebody was named, and not whom. */
export interface IssuedDocument {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly channel: string;
  readonly marketplaceOrderId: string;
  readonly kind: 'COURTESY_RECEIPT' | 'COURTESY_REVERSAL' | 'EINVOICE' | 'CREDIT_NOTE';
  readonly issueDate: string;
  readonly number: string;
  readonly totalGross: number;
  /** The document that this one takes back. */
  readonly credits?: string;
  readonly named: boolean;
  /** Milliseconds since the epoch. */
  readonly issuedMs: number;
  readonly fingerprint: string;
}

/** An issuer by docs/receipt-issuer.openapi.json, stricter than a real one may be: every figure is added up again. */
export interface IssuerStandIn extends Partner {
  readonly documents: readonly IssuedDocument[];
  readonly associations: ReadonlyMap<string, z.infer<typeof associationSchema>>;
  readonly calls: ReadonlyMap<string, number>;
  pdfOf(document: IssuedDocument): Buffer;
  /** Issues an order's receipt as somebody at the issuer would, by hand. */
  issueByHand(document: Pick<IssuedDocument, 'channel' | 'marketplaceOrderId' | 'kind' | 'totalGross'>): void;
  /** Another key from now on. */
  renewKey(apiKey: string): void;
  trouble(what: IssuerTrouble, calls: number): void;
}

const SERIES = 'BZ';
const RETRY_AFTER_SECONDS = 60;

export function createIssuerStandIn(options: {
  readonly host: string;
  readonly apiKey: string;
  readonly issuerAccountId: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How long a document takes to be made; 0 for one that is made while the caller waits. */
  readonly makingMs: number;
}): IssuerStandIn {
  const { now } = options;
  let apiKey = options.apiKey;
  const documents: IssuedDocument[] = [];
  const associations = new Map<string, z.infer<typeof associationSchema>>();
  const calls = new Map<string, number>();
  const troubles: IssuerTrouble[] = [];

  const documentOf = (id: string): IssuedDocument => {
    const document = documents.find((each) => each.id === id);
    if (document === undefined) throw new IssuerRefusal(404, 'RECEIPT_NOT_FOUND');
    return document;
  };
  const isMade = (document: IssuedDocument): boolean => now() >= document.issuedMs;
  const pdfOf = (document: IssuedDocument): Buffer =>
    onePage(`${document.kind} ${document.number} ${document.marketplaceOrderId} ${document.totalGross}`);

  function shown(document: IssuedDocument): object {
    const { id, idempotencyKey, kind, totalGross, number, issueDate } = document;
    const made = isMade(document);
    return {
      ...{ id, idempotencyKey, kind, totalGross },
      status: made ? 'ISSUED' : 'PROCESSING',
      ...(made
        ? {
            number,
            series: SERIES,
            issueDate,
            pdf: { sha256: createHash('sha256').update(pdfOf(document)).digest('hex') },
          }
        : {}),
    };
  }

  function documentAnswer(operation: string, document: IssuedDocument, status: number): PartnerAnswer {
    return isMade(document)
      ? jsonAnswer(operation, status, shown(document))
      : jsonAnswer(operation, status === 201 ? 202 : status, shown(document), {
          'retry-after': String(Math.ceil((document.issuedMs - now()) / 1000)),
        });
  }

  function keep(
    operation: string,
    request: PartnerRequest,
    make: (
      idempotencyKey: string,
    ) => Omit<IssuedDocument, 'id' | 'number' | 'issuedMs' | 'fingerprint' | 'idempotencyKey'>,
  ): PartnerAnswer {
    const idempotencyKey = request.headers['idempotency-key'];
    if (!idempotencyKey) throw new IssuerRefusal(400, 'IDEMPOTENCY_KEY_MISSING');
    const fingerprint = createHash('sha256').update(request.body).digest('hex');
    const existing = documents.find((each) => each.idempotencyKey === idempotencyKey);
    if (existing !== undefined) {
      if (existing.fingerprint !== fingerprint) throw new IssuerRefusal(409, 'IDEMPOTENCY_MISMATCH');
      return documentAnswer(operation, existing, 200);
    }
    const sequence = documents.length + 1;
    const made = make(idempotencyKey);
    const document: IssuedDocument = {
      ...made,
      id: `rec-${sequence}`,
      idempotencyKey,
      number: `${sequence}/${SERIES}`,
      issuedMs: now() + options.makingMs,
      fingerprint,
    };
    documents.push(document);
    return documentAnswer(operation, document, 201);
  }

  const operations: readonly {
    readonly name: string;
    readonly method: string;
    readonly path: RegExp;
    readonly answer: (request: PartnerRequest, parts: readonly string[]) => PartnerAnswer;
  }[] = [
    {
      name: 'associate',
      method: 'PUT',
      path: /^\/v1\/associations\/([^/]+)$/,
      answer: (request, [channel = '']) => {
        const association = bodyOf(request, associationSchema);
        if (association.issuerAccountId !== options.issuerAccountId) {
          throw new IssuerRefusal(404, 'ACCOUNT_NOT_FOUND');
        }
        associations.set(channel, association);
        return emptyAnswer('associate', 204);
      },
    },
    {
      name: 'dissociate',
      method: 'DELETE',
      path: /^\/v1\/associations\/([^/]+)$/,
      answer: (_, [channel = '']) => {
        associations.delete(channel);
        return emptyAnswer('dissociate', 204);
      },
    },
    {
      name: 'createReceipt',
      method: 'POST',
      path: /^\/v1\/receipts$/,
      answer: (request) => {
        const wanted = bodyOf(request, newReceiptSchema);
        const { channel, marketplaceOrderId } = wanted.externalReference;
        if (!associations.has(channel)) throw new IssuerRefusal(409, 'NOT_ASSOCIATED');
        return keep('createReceipt', request, (idempotencyKey) => {
          const other = documents.find(
            (each) =>
              each.marketplaceOrderId === marketplaceOrderId &&
              each.channel === channel &&
              each.credits === undefined &&
              !isTakenBack(documents, each) &&
              each.idempotencyKey !== idempotencyKey,
          );
          if (other !== undefined) throw new IssuerRefusal(409, 'ALREADY_ISSUED', { id: other.id });
          checkFigures(wanted);
          if (wanted.kind === 'EINVOICE' && wanted.buyer === undefined) throw violation('buyer', 'MISSING');
          return {
            ...{ channel, marketplaceOrderId },
            kind: wanted.kind,
            issueDate: wanted.issueDate,
            totalGross: wanted.totals.gross,
            named: wanted.buyer !== undefined,
          };
        });
      },
    },
    {
      name: 'findReceipts',
      method: 'GET',
      path: /^\/v1\/receipts$/,
      answer: ({ url }) => {
        const channel = url.searchParams.get('channel');
        const marketplaceOrderId = url.searchParams.get('marketplaceOrderId');
        if (!channel || !marketplaceOrderId) throw new IssuerRefusal(400, 'QUERY_MISSING');
        const found = documents.filter(
          (each) => each.channel === channel && each.marketplaceOrderId === marketplaceOrderId,
        );
        return jsonAnswer('findReceipts', 200, { receipts: found.map(shown) });
      },
    },
    {
      name: 'readReceipt',
      method: 'GET',
      path: /^\/v1\/receipts\/([^/]+)$/,
      answer: (_, [id = '']) => documentAnswer('readReceipt', documentOf(id), 200),
    },
    {
      name: 'creditReceipt',
      method: 'POST',
      path: /^\/v1\/receipts\/([^/]+)\/credit$/,
      answer: (request, [id = '']) => {
        const original = documentOf(id);
        const wanted = bodyOf(request, creditSchema);
        return keep('creditReceipt', request, () => {
          checkFigures(wanted);
          if (original.credits !== undefined || !isMade(original))
            throw violation('receiptId', 'NOT_CREDITABLE');
          if (
            wanted.totals.gross >= 0 ||
            creditedOf(documents, original) - wanted.totals.gross > original.totalGross
          ) {
            throw violation('totals.gross', 'EXCEEDS');
          }
          const { channel, marketplaceOrderId, named } = original;
          return {
            ...{ channel, marketplaceOrderId, named },
            kind: original.kind === 'EINVOICE' ? 'CREDIT_NOTE' : 'COURTESY_REVERSAL',
            issueDate: wanted.issueDate,
            totalGross: wanted.totals.gross,
            credits: id,
          };
        });
      },
    },
    {
      name: 'receiptPdf',
      method: 'GET',
      path: /^\/v1\/receipts\/([^/]+)\/pdf$/,
      answer: (_, [id = '']) => {
        const document = documentOf(id);
        return isMade(document)
          ? pdfAnswer('receiptPdf', pdfOf(document))
          : emptyAnswer('receiptPdf', 202, { 'retry-after': String(RETRY_AFTER_SECONDS) });
      },
    },
  ];

  return {
    name: 'bitztobe',
    hosts: [options.host],
    documents,
    associations,
    calls,
    pdfOf,
    issueByHand(document) {
      const sequence = documents.length + 1;
      documents.push({
        ...document,
        id: `rec-${sequence}`,
        idempotencyKey: `by-hand-${sequence}`,
        number: `${sequence}/${SERIES}`,
        issueDate: new Date(now()).toISOString().slice(0, 10),
        named: true,
        issuedMs: now(),
        fingerprint: '',
      });
    },
    renewKey(key) {
      apiKey = key;
    },
    trouble: (what, count) => troubles.push(...Array.from({ length: count }, () => what)),
    answer(request) {
      const operation = operations.find(
        ({ method, path }) => method === request.method && path.test(request.url.pathname),
      );
      const name = operation?.name ?? 'unknown';
      calls.set(name, (calls.get(name) ?? 0) + 1);
      try {
        if (request.headers.authorization !== `Bearer ${apiKey}`) throw new IssuerRefusal(401, 'KEY_REFUSED');
        if (!/^[\w-]{8,64}$/.test(request.headers['x-request-id'] ?? '')) {
          throw new IssuerRefusal(400, 'REQUEST_ID_MISSING');
        }
        const trouble = troubles.shift();
        if (trouble === 'dropped') return CONNECTION_DROPPED;
        if (trouble === 'server-error') throw new IssuerRefusal(503, 'UNAVAILABLE');
        if (trouble === 'throttled') {
          throw new IssuerRefusal(429, 'TOO_MANY_REQUESTS', { retryAfter: RETRY_AFTER_SECONDS });
        }
        if (operation === undefined) throw new IssuerRefusal(404, 'NO_SUCH_OPERATION');
        const parts = operation.path.exec(request.url.pathname)?.slice(1) ?? [];
        const answer = operation.answer(request, parts.map(decodeURIComponent));
        if (trouble === 'answer-lost') return CONNECTION_DROPPED;
        if (trouble === 'truncated') return cut(answer);
        return answer;
      } catch (error) {
        if (error instanceof IssuerRefusal) return problemAnswer(name, error);
        throw error;
      }
    },
  };
}

function cut(answer: PartnerAnswer): PartnerAnswer {
  return {
    ...answer,
    body: answer.body.slice(0, answer.body.length / 2),
    ...(answer.bytes === undefined ? {} : { bytes: answer.bytes.subarray(0, answer.bytes.length / 2) }),
  };
}

function bodyOf<Schema extends z.ZodType>(request: PartnerRequest, schema: Schema): z.output<Schema> {
  if (!request.headers['content-type']?.startsWith('application/json')) {
    throw new IssuerRefusal(400, 'NOT_JSON');
  }
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    throw new IssuerRefusal(400, 'NOT_JSON');
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new IssuerRefusal(400, 'BODY_NOT_VALID');
  return parsed.data;
}

function violation(field: string, code: string): IssuerRefusal {
  return new IssuerRefusal(422, 'NOT_ACCEPTED', { violations: [{ field, code }] });
}

/** Every sum is made again: of lines, of rates, and of what VAT a rate can make. */
function checkFigures({ lines, totals }: Figures): void {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  for (const [at, { gross, net, vat, vatRate, vatNature }] of lines.entries()) {
    if (net + vat !== gross) throw violation(`lines[${at}].vat`, 'DOES_NOT_ADD_UP');
    if ((vatRate === 0) !== (vatNature !== undefined))
      throw violation(`lines[${at}].vatNature`, 'NOT_OF_THIS_RATE');
  }
  for (const name of ['gross', 'net', 'vat'] as const) {
    if (sum(lines.map((line) => line[name])) !== totals[name])
      throw violation(`totals.${name}`, 'DOES_NOT_ADD_UP');
    if (sum(totals.byRate.map((rate) => rate[name])) !== totals[name]) {
      throw violation('totals.byRate', 'DOES_NOT_ADD_UP');
    }
  }
  for (const [at, rate] of totals.byRate.entries()) {
    const own = lines.filter((line) => line.vatRate === rate.vatRate && line.vatNature === rate.vatNature);
    if (sum(own.map(({ gross }) => gross)) !== rate.gross || sum(own.map(({ vat }) => vat)) !== rate.vat) {
      throw violation(`totals.byRate[${at}]`, 'DOES_NOT_ADD_UP');
    }
    // Marketplaces round each piece: a unit for each of its lines, and no more.
    const exact = (rate.gross * rate.vatRate) / (10_000 + rate.vatRate);
    const pieces = sum(own.map(({ quantity }) => quantity + 1));
    if (Math.abs(exact - rate.vat) > pieces) throw violation(`totals.byRate[${at}].vat`, 'NOT_OF_THIS_RATE');
  }
}

function creditedOf(documents: readonly IssuedDocument[], { id }: IssuedDocument): number {
  return documents
    .filter(({ credits }) => credits === id)
    .reduce((total, { totalGross }) => total - totalGross, 0);
}

function isTakenBack(documents: readonly IssuedDocument[], document: IssuedDocument): boolean {
  return creditedOf(documents, document) === document.totalGross;
}
