import { MARKETPLACES } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ReceiptId } from '../domain/receipt.ts';
import { isOpenUpload, isRetriable, predictedWaitMs, type ReceiptUpload } from '../domain/receipt-upload.ts';
import { listedUpload, shownUpload } from '../domain/receipt-upload-view.ts';
import type { UploadRefusal } from '../domain/texts/receipt-uploads/index.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { QuotaStore } from '../ports/quota.ts';
import type { ReceiptUploadStore } from '../ports/receipt-upload-store.ts';
import { type Acting, noteActivity } from './acting.ts';
import type { UploadMarketplace } from './plan-receipt-uploads.ts';
import { callsLeftToOthers, type UploadCalls } from './upload-receipt.ts';

export { shownUpload };

/** The uploads of some documents; those that were never wanted anywhere are absent. */
export async function uploadsOf(
  { uploads }: { readonly uploads: Pick<ReceiptUploadStore, 'getMany'> },
  ids: readonly ReceiptId[],
): Promise<ReadonlyMap<ReceiptId, ReceiptUpload>> {
  return ids.length === 0 ? new Map() : uploads.getMany(ids);
}

/** Those that a person has to look at, the longest ended first. */
export async function listFailedUploads(
  { uploads }: { readonly uploads: Pick<ReceiptUploadStore, 'listFailed'> },
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const failed = await uploads.listFailed(page);
  return { uploads: failed.uploads.map(listedUpload), cursor: failed.cursor };
}

/** What uploads of a marketplace take from, and how much of an hour's allowance is others'. */
export type UploadRates = Readonly<
  Record<UploadMarketplace, UploadCalls & { readonly othersPerHour: number }>
>;

export interface WaitingUploadsDeps {
  readonly uploads: Pick<ReceiptUploadStore, 'listOpen' | 'countWaiting'>;
  readonly channels: Pick<ChannelStore, 'listChannels'>;
  readonly quota: Pick<QuotaStore, 'left'>;
  readonly rates: UploadRates;
  readonly clock: Clock;
}

/** First ones of each account that are shown; the count is of all. */
const SHOWN_MAX = 50;
/** After every instant. */
const LATEST = ':';

/**
 * What waits to be put on marketplaces: of each account how many there are, by when the last of them is predicted to be
 * sent, and the first ones, each with its own time. What waits for something else
 * than its turn (a shipment, a switch) is counted too, so that the time is rather too long than too short.
 */
export async function waitingUploads(deps: WaitingUploadsDeps) {
  const { uploads, quota, rates, clock } = deps;
  const accounts = new Map<string, { readonly marketplace: UploadMarketplace; readonly accountId: string }>();
  for (const { marketplace, accountId } of await deps.channels.listChannels()) {
    if (marketplace !== 'ebay') accounts.set(`${marketplace}/${accountId}`, { marketplace, accountId });
  }
  return Promise.all(
    [...accounts.values()]
      .sort((a, b) => MARKETPLACES.indexOf(a.marketplace) - MARKETPLACES.indexOf(b.marketplace))
      .map(async ({ marketplace, accountId }) => {
        const nowMs = clock.now();
        const { operation, plan, othersPerHour } = rates[marketplace];
        const [waiting, left, first] = await Promise.all([
          uploads.countWaiting({ marketplace, accountId }),
          quota.left(`${marketplace}/${accountId}/${operation}`, plan, nowMs),
          uploads.listOpen({ marketplace, accountId, line: 'waiting', until: LATEST, limit: SHOWN_MAX }),
        ]);
        const budget = {
          callsNow: Math.max(0, Math.floor(left - callsLeftToOthers(plan))),
          callsPerHour: Math.max(1, plan.ratePerSecond * 3_600 - othersPerHour),
        };
        const predicted = (ahead: number): string => isoInstant(nowMs + predictedWaitMs(ahead, budget));
        return {
          marketplace,
          accountId,
          waiting,
          lastPredictedAt: waiting === 0 ? null : predicted(waiting - 1),
          first: first.uploads.map((upload, at) => ({
            ...listedUpload(upload),
            predictedAt: predicted(at),
          })),
        };
      }),
  );
}

export interface RetryUploadDeps extends Acting {
  readonly uploads: Pick<ReceiptUploadStore, 'getMany' | 'change'>;
}

export type RetriedUpload =
  | { readonly outcome: 'changed'; readonly upload: ReceiptUpload }
  | { readonly outcome: 'refused'; readonly refusal: UploadRefusal; readonly upload: ReceiptUpload };

/**
 * Has an upload tried again because a person says so; one that nobody knows the end of only when they have looked at the
 * marketplace. Who saw it there ends it with that.
 * @returns undefined when the document was never wanted anywhere
 */
export async function retryUpload(
  deps: RetryUploadDeps,
  id: ReceiptId,
  seen: 'there' | 'not-there' | undefined,
): Promise<RetriedUpload | undefined> {
  const upload = (await deps.uploads.getMany([id])).get(id);
  if (upload === undefined) return undefined;
  const refused = (refusal: UploadRefusal): RetriedUpload => ({ outcome: 'refused', refusal, upload });
  if (!isRetriable(upload)) return refused(isOpenUpload(upload) ? 'under-way' : 'nothing-to-retry');
  if (upload.state === 'unclear' && seen === undefined) return refused('look-first');
  const now = isoInstant(deps.clock.now());
  const next: ReceiptUpload =
    seen === 'there'
      ? { ...upload, state: 'accepted', reason: 'seen-by-a-person', dueAt: undefined, endedAt: now }
      : {
          ...upload,
          state: 'wanted',
          reason: undefined,
          code: undefined,
          documentId: undefined,
          asked: 0,
          // The clock after which it is given up begins anew.
          wantedAt: isOpenUpload(upload) ? upload.wantedAt : now,
          // What waits already keeps its place.
          dueAt: upload.dueAt !== undefined && upload.dueAt < now ? upload.dueAt : now,
          endedAt: undefined,
        };
  if ((await deps.uploads.change(next, upload.version)) === 'conflict') return refused('changed-meanwhile');
  await noteActivity(deps, {
    action: seen === 'there' ? 'receipt-upload-settled' : 'receipt-upload-retried',
    subject: `order/${upload.orderId}`,
    before: { receiptId: id, state: upload.state, reason: upload.reason ?? null },
    after: { receiptId: id, state: next.state, seen: seen ?? null },
  });
  return { outcome: 'changed', upload: { ...next, version: upload.version + 1 } };
}
