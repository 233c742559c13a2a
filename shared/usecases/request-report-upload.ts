import { isoInstant } from '../domain/pull-window.ts';
import type { ActivityLog } from '../ports/activity-log.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReportAddresses, UploadAddress } from '../ports/report-addresses.ts';

/** Long enough for half a gigabyte over a slow line to begin; an upload that has begun may end later. */
const ADDRESS_VALID_MS = 15 * 60_000;

export interface RequestReportUploadDeps {
  readonly channels: ChannelStore;
  readonly uploads: ReportAddresses;
  readonly activities: ActivityLog;
  readonly clock: Clock;
}

export type RequestedUpload =
  | ({ readonly outcome: 'ready'; readonly expiresAt: string } & UploadAddress)
  | { readonly outcome: 'unknown-channel' }
  /** Payment reports are Amazon's. */
  | { readonly outcome: 'not-amazon' };

/** An address to which exactly this file can be put: into the channel's folder, where it is reconciled by itself. */
export async function requestReportUpload(
  { channels, uploads, activities, clock }: RequestReportUploadDeps,
  wanted: {
    readonly channelId: string;
    readonly fileName: string;
    readonly sizeBytes: number;
    readonly contentType: string;
  },
  by: { readonly actor: string; readonly activityId: string },
): Promise<RequestedUpload> {
  const channel = await channels.getChannel(wanted.channelId);
  if (channel === undefined) return { outcome: 'unknown-channel' };
  if (channel.marketplace !== 'amazon') return { outcome: 'not-amazon' };
  const nowMs = clock.now();
  const at = isoInstant(nowMs);
  const address = await uploads.address({ ...wanted, at, validMs: ADDRESS_VALID_MS });
  await activities.append({
    activityId: by.activityId,
    at,
    actor: by.actor,
    action: 'payment-report-upload-requested',
    subject: `channel/${wanted.channelId}`,
    after: { objectKey: address.objectKey, sizeBytes: wanted.sizeBytes },
  });
  return { outcome: 'ready', expiresAt: isoInstant(nowMs + ADDRESS_VALID_MS), ...address };
}
