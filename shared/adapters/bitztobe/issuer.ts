import { createHash } from 'node:crypto';
import { RejectedError } from '../../domain/errors.ts';
import { isReversal, RECEIPT_KINDS, type Receipt, yearOf } from '../../domain/receipt.ts';
import type {
  IssuerAnswer,
  IssuerConnection,
  ReceiptIssuer,
  ReceiptParties,
} from '../../ports/receipt-issuer.ts';
import type { ReceiptStore } from '../../ports/receipt-store.ts';
import { type IssuerClient, type IssuerHttpAnswer, successOf } from './client.ts';
import { creditOf, idempotencyKey, KIND, newReceipt } from './documents.ts';
import { failureOf, PARTNER, problemOf, retryAfterMs, unexpected } from './errors.ts';
import {
  creditSchema,
  newReceiptSchema,
  type RemoteReceipt,
  remoteReceiptSchema,
  remoteReceiptsSchema,
} from './schemas.ts';

/** Between two questions about a receipt that is being made, where the issuer does not say. */
const PROCESSING_PAUSE_MS = 60_000;
const PDF_BEGINS = '%PDF-';

type Refused = Extract<IssuerAnswer, { outcome: 'refused' }>;

/** What the other issuer can do, known without asking it. */
export const BITZTOBE_ABILITIES = {
  name: 'bitztobe',
  numbering: 'theirs',
  makes: RECEIPT_KINDS,
} as const satisfies Partial<ReceiptIssuer>;

/**
 * An issuer that speaks docs/receipt-issuer.openapi.json. What it is sent has a key made of what it is about, and after a
 * call whose answer was lost it is asked what became of it before anything is sent again.
 *
 * @param connect how the issuer is reached; undefined when its address or key is missing
 * @param receipts where the issuer's id of a receipt is found that is to be taken back
 */
export function createBitztobeIssuer(
  client: IssuerClient,
  connect: (settings: ReceiptParties['settings']) => Promise<IssuerConnection | undefined>,
  receipts: Pick<ReceiptStore, 'getMany'>,
): ReceiptIssuer {
  return {
    ...BITZTOBE_ABILITIES,
    async issue(receipt, { settings, buyer }) {
      const connection = await connect(settings);
      if (connection === undefined) {
        throw new RejectedError(PARTNER, `${PARTNER}: its address or key is missing`, { status: 401 });
      }
      const known = await askFor(client, connection, receipt);
      if (known !== undefined) return settle(client, connection, receipt, known);
      const answer = isReversal(receipt.kind)
        ? await sendCredit(client, connection, receipt, await remoteIdOf(receipts, receipt))
        : await sendReceipt(client, connection, receipt, buyer);
      const made = await madeOf(client, connection, answer);
      return 'outcome' in made ? made : settle(client, connection, receipt, made, answer);
    },
  };
}

/** What the issuer knows of a request that it may have got before; undefined when it never did. */
async function askFor(
  client: IssuerClient,
  connection: IssuerConnection,
  receipt: Receipt,
): Promise<RemoteReceipt | undefined> {
  if (receipt.remoteId !== undefined) return read(client, connection, receipt.remoteId);
  if (receipt.attempts <= 1) return undefined;
  const { channelId: channel, marketplaceOrderId } = receipt;
  const answer = await client.call(connection, {
    operation: 'findReceipts',
    method: 'GET',
    path: ['receipts'],
    query: { channel, marketplaceOrderId },
  });
  const { receipts } = successOf('findReceipts', answer, remoteReceiptsSchema);
  return receipts.find((each) => each.idempotencyKey === idempotencyKey(receipt));
}

async function read(client: IssuerClient, connection: IssuerConnection, id: string): Promise<RemoteReceipt> {
  const operation = 'readReceipt';
  const answer = await client.call(connection, { operation, method: 'GET', path: ['receipts', id] });
  return successOf(operation, answer, remoteReceiptSchema);
}

function sendReceipt(
  client: IssuerClient,
  connection: IssuerConnection,
  receipt: Receipt,
  buyer: ReceiptParties['buyer'],
): Promise<IssuerHttpAnswer> {
  const kind = receipt.kind === 'electronic-invoice' ? 'EINVOICE' : 'COURTESY_RECEIPT';
  return client.call(connection, {
    operation: 'createReceipt',
    method: 'POST',
    path: ['receipts'],
    body: newReceiptSchema.parse(newReceipt(receipt, kind, connection.issuerAccountId, buyer)),
    idempotencyKey: idempotencyKey(receipt),
  });
}

function sendCredit(
  client: IssuerClient,
  connection: IssuerConnection,
  receipt: Receipt,
  originalId: string,
): Promise<IssuerHttpAnswer> {
  return client.call(connection, {
    operation: 'creditReceipt',
    method: 'POST',
    path: ['receipts', originalId, 'credit'],
    body: creditSchema.parse(creditOf(receipt)),
    idempotencyKey: idempotencyKey(receipt),
  });
}

async function remoteIdOf(receipts: Pick<ReceiptStore, 'getMany'>, { reverses }: Receipt): Promise<string> {
  const original = reverses && (await receipts.getMany([reverses.receiptId])).get(reverses.receiptId);
  if (original?.remoteId === undefined) throw new RangeError('what is taken back was never issued there');
  return original.remoteId;
}

/** The receipt that a request made or found; or why there is none. */
async function madeOf(
  client: IssuerClient,
  connection: IssuerConnection,
  answer: IssuerHttpAnswer,
): Promise<RemoteReceipt | Refused> {
  const { status } = answer;
  if (status === 409) {
    const { code, receiptId } = problemOf(answer);
    // Somebody issued it there under another key: theirs is the receipt, if it says the same.
    if (code === 'ALREADY_ISSUED' && receiptId !== undefined) return read(client, connection, receiptId);
    const problem = code === 'IDEMPOTENCY_MISMATCH' ? 'issuer-mismatch' : 'issuer-refused';
    return { outcome: 'refused', problem, details: code === undefined ? [] : [code] };
  }
  if (status === 404 || status === 422) {
    const { code, violations } = problemOf(answer);
    const details = violations.length > 0 || code === undefined ? violations : [code];
    return { outcome: 'refused', problem: 'issuer-refused', details };
  }
  if (![200, 201, 202].includes(status)) throw failureOf('issue', answer);
  return successOf('issue', answer, remoteReceiptSchema);
}

/** What a receipt at the issuer means for ours. One of another kind or amount is not ours. */
async function settle(
  client: IssuerClient,
  connection: IssuerConnection,
  receipt: Receipt,
  remote: RemoteReceipt,
  answer?: IssuerHttpAnswer,
): Promise<IssuerAnswer> {
  if (remote.kind !== KIND[receipt.kind] || remote.totalGross !== receipt.totals.grossMinor) {
    return { outcome: 'refused', problem: 'issuer-mismatch', details: [remote.id] };
  }
  const remoteId = remote.id;
  if (remote.status === 'PROCESSING') {
    const pauseMs = answer === undefined ? PROCESSING_PAUSE_MS : retryAfterMs(answer);
    return { outcome: 'processing', remoteId, retryAfterMs: pauseMs };
  }
  if (remote.status !== 'ISSUED') {
    return { outcome: 'refused', problem: 'issuer-refused', details: [remote.problemCode ?? remote.status] };
  }
  const { number, series = '', issueDate, pdf } = remote;
  const operation = 'receiptPdf';
  const drawn = await client.call(connection, {
    operation,
    method: 'GET',
    path: ['receipts', remoteId, 'pdf'],
  });
  if (drawn.status === 202) return { outcome: 'processing', remoteId, retryAfterMs: retryAfterMs(drawn) };
  if (drawn.status !== 200) throw failureOf(operation, drawn);
  if (number === undefined || issueDate === undefined || pdf === undefined) {
    throw unexpected('readReceipt', drawn.requestId, 'issued without number, date or PDF');
  }
  const isPdf = new TextDecoder('latin1').decode(drawn.bytes.subarray(0, PDF_BEGINS.length)) === PDF_BEGINS;
  if (!isPdf || createHash('sha256').update(drawn.bytes).digest('hex') !== pdf.sha256) {
    throw unexpected(operation, drawn.requestId, 'not the PDF that was issued');
  }
  return {
    outcome: 'issued',
    pdf: drawn.bytes,
    remote: { remoteId, number: { text: number, series, year: yearOf(issueDate) }, issueDate },
  };
}
