import * as z from 'zod';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { NotSentError, type ReceiptUploader } from '../../ports/receipt-uploader.ts';
import type { ManomanoClient } from './client.ts';
import { neverConnected, problemOf } from './errors.ts';
import { contractOf } from './shipping-confirmer.ts';

/** The one type of document that is known. */
const DOCUMENT_TYPE = 'INVOICE';

const answerSchema = z.object({
  content: z.object({
    document_id: z.union([z.string().min(1).max(200), z.number().transform(String)]),
  }),
});

/**
 * Puts documents on ManoMano's orders. There is no call that lists them: what came of one that was not answered nobody can
 * ask. Source: Partner API docs, "Upload a document of an order".
 */
export function createManomanoReceiptUploader(
  clientOf: (accountId: string) => Promise<ManomanoClient>,
): ReceiptUploader {
  return {
    asks: false,

    async upload(order, { receiptId, number }, pdf) {
      const client = await clientOf(order.accountId);
      const form = new FormData();
      const name = (number?.text ?? receiptId).replaceAll(/[^\w.-]+/g, '-');
      form.set('file', new Blob([new Uint8Array(pdf)], { type: 'application/pdf' }), `${name}.pdf`);
      form.set('document_type', DOCUMENT_TYPE);
      const answer = await client
        .call({
          operation: 'documents',
          method: 'POST',
          path: `/api/v1/orders/${encodeURIComponent(order.marketplaceOrderId)}/documents`,
          query: { seller_contract_id: String(contractOf(order)) },
          body: form,
        })
        .catch((error: unknown) => {
          if (!(error instanceof UnavailableError) || !neverConnected(error)) throw error;
          throw new NotSentError('manomano', error.message, { cause: error });
        });
      const parsed = answerSchema.safeParse(answer.body);
      if (answer.outcome !== 'success' || !parsed.success) {
        const problem = parsed.success ? 'mixed' : problemOf(parsed.error.issues);
        throw new UnexpectedAnswerError('manomano', `manomano documents: ${problem}`);
      }
      return { found: 'accepted', documentId: parsed.data.content.document_id };
    },

    find: async () => ({ found: 'cannot-tell' }),
  };
}
