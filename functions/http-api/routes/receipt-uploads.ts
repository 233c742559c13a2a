import { uploadRefusalText } from '../../../shared/domain/texts/receipt-uploads/index.ts';
import { Problem } from '../../../shared/runtime/http-problem.ts';
import { namedReceipt } from '../../../shared/usecases/named-receipts.ts';
import {
  listFailedUploads,
  type RetryUploadDeps,
  retryUpload,
  shownUpload,
  type WaitingUploadsDeps,
  waitingUploads,
} from '../../../shared/usecases/receipt-uploads-for-people.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { ReceiptImplementations } from '../implementation.ts';

export type ReceiptUploadRoutesDeps = Omit<RetryUploadDeps, 'actor' | 'uploads'> &
  Omit<WaitingUploadsDeps, 'uploads'> & {
    readonly uploads: RetryUploadDeps['uploads'] &
      WaitingUploadsDeps['uploads'] &
      Parameters<typeof listFailedUploads>[0]['uploads'];
  };

export function receiptUploadRoutes(
  deps: ReceiptUploadRoutesDeps,
): Pick<ReceiptImplementations, 'listWaitingUploads' | 'listFailedUploads' | 'retryReceiptUpload'> {
  return {
    async listWaitingUploads() {
      return { body: { accounts: await waitingUploads(deps) } };
    },

    async listFailedUploads({ query: { limit, cursor } }) {
      const list = 'failed uploads';
      const page = await listFailedUploads(deps, { limit, cursor: openCursor(cursor, list) });
      return { body: { uploads: page.uploads, cursor: sealCursor(page.cursor, list) } };
    },

    async retryReceiptUpload({ params, body: { seen }, caller }) {
      const { marketplace, orderNumber, receipt } = params;
      const id = namedReceipt({ marketplace, marketplaceOrderId: orderNumber }, receipt);
      const retried = await retryUpload({ ...deps, actor: caller.subject }, id, seen);
      if (retried === undefined) throw new Problem('not-found');
      if (retried.outcome === 'changed') return { body: shownUpload(retried.upload) };
      const { code, it: detail, en: detailEn } = uploadRefusalText(marketplace, retried.refusal);
      const kind = retried.refusal === 'changed-meanwhile' ? 'changed-meanwhile' : 'conflict';
      throw new Problem(kind, { code, words: { detail, detailEn } });
    },
  };
}
