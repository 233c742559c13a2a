import { createHash, randomUUID } from 'node:crypto';
import type { PartnerRequest } from '../partner.ts';
import { ManomanoRefusal, parseQuery } from './answers.ts';
import type { Contracts } from './contracts.ts';
import { contractQuerySchema } from './orders.ts';
import type { ManomanoOrder } from './schemas.ts';

const FILE_BYTES_MAX = 5 * 1024 * 1024;
const TAKEN_IN = ['PREPARATION', 'SHIPPED', 'REFUNDING', 'REFUNDED'];

/** A document as ManoMano keeps it. */
export interface ManomanoDocument {
  readonly documentId: string;
  readonly documentType: string;
  readonly fileName: string;
  /** Milliseconds since the epoch. */
  readonly receivedMs: number;
  readonly pdf: Buffer;
  readonly sha256: string;
}

/**
 * The documents of orders. A second one of an order is kept beside the first, so that whoever uploads twice is found out.
 * Source: Partner API docs, "Upload a document of an order"; sizes, types and statuses are not documented, and are refused
 * here as strictly as they can be.
 */
export class DocumentsApi {
  readonly #documents = new Map<string, readonly ManomanoDocument[]>();
  readonly #orders: { of(reference: string): ManomanoOrder | undefined };
  readonly #contracts: Contracts;
  readonly #now: () => number;

  constructor(
    orders: { of(reference: string): ManomanoOrder | undefined },
    contracts: Contracts,
    now: () => number,
  ) {
    this.#orders = orders;
    this.#contracts = contracts;
    this.#now = now;
  }

  of(reference: string): readonly ManomanoDocument[] {
    return this.#documents.get(reference) ?? [];
  }

  upload(reference: string, { url, headers, bytes }: PartnerRequest): object {
    const { seller_contract_id } = parseQuery(contractQuerySchema, url.searchParams);
    const { contractId } = this.#contracts.readable(seller_contract_id);
    const order = this.#orders.of(reference);
    if (order?.seller_contract_id !== contractId) throw new ManomanoRefusal(404, 'Order not found');
    if (!TAKEN_IN.includes(order.status)) {
      throw new ManomanoRefusal(400, `No documents while the order is ${order.status}`);
    }
    const parts = partsOf(headers['content-type'] ?? '', bytes ?? Buffer.alloc(0));
    const { file, document_type: type, ...others } = parts;
    if (file?.fileName === undefined || type === undefined || Object.keys(others).length > 0) {
      throw new ManomanoRefusal(400, 'The form has a file and a document_type, and nothing else');
    }
    if (type.content.toString() !== 'INVOICE') throw new ManomanoRefusal(400, 'Unknown document_type');
    if (file.type !== 'application/pdf' || !file.fileName.endsWith('.pdf')) {
      throw new ManomanoRefusal(415, 'Only PDF is taken');
    }
    if (file.content.length > FILE_BYTES_MAX) throw new ManomanoRefusal(413, 'The file is too large');
    if (file.content.subarray(0, 5).toString('latin1') !== '%PDF-') {
      throw new ManomanoRefusal(400, 'The file is no PDF');
    }
    const document: ManomanoDocument = {
      documentId: randomUUID(),
      documentType: 'INVOICE',
      fileName: file.fileName,
      receivedMs: this.#now(),
      pdf: file.content,
      sha256: createHash('sha256').update(file.content).digest('hex'),
    };
    this.#documents.set(reference, [...this.of(reference), document]);
    return { content: { document_id: document.documentId } };
  }
}

interface Part {
  readonly fileName: string | undefined;
  readonly type: string | undefined;
  readonly content: Buffer;
}

/** The parts of a form (RFC 7578), each by its name. */
function partsOf(contentType: string, body: Buffer): Readonly<Record<string, Part>> {
  const [, boundary] = /^multipart\/form-data; ?boundary="?([^";]+)"?$/.exec(contentType) ?? [];
  if (boundary === undefined) throw new ManomanoRefusal(415, 'Send multipart/form-data');
  const parts: Record<string, Part> = {};
  const mark = `--${boundary}`;
  let from = body.indexOf(mark);
  for (;;) {
    const begins = from + mark.length;
    if (from < 0) throw new ManomanoRefusal(400, 'The form has no end');
    if (body.subarray(begins, begins + 2).toString() === '--') return parts;
    const headEnds = body.indexOf('\r\n\r\n', begins);
    const ends = body.indexOf(`\r\n${mark}`, headEnds);
    if (headEnds < 0 || ends < 0) throw new ManomanoRefusal(400, 'The form has no end');
    const head = body.subarray(begins, headEnds).toString();
    const [, name] = /^content-disposition: form-data;.*\bname="([^"]+)"/im.exec(head) ?? [];
    if (name === undefined || name in parts)
      throw new ManomanoRefusal(400, 'A part without a name of its own');
    parts[name] = {
      fileName: /\bfilename="([^"]+)"/i.exec(head)?.[1],
      type: /^content-type: *([^\r\n;]+)/im.exec(head)?.[1],
      content: body.subarray(headEnds + 4, ends),
    };
    from = ends + 2;
  }
}
