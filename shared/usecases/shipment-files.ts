import { isoInstant } from '../domain/pull-window.ts';
import type { ShipmentFileResult } from '../domain/shipment-file.ts';
import type { DroppedFiles } from '../ports/dropped-files.ts';
import type { FileAddresses, UploadAddress } from '../ports/report-addresses.ts';
import type { Acting } from './acting.ts';

/** A megabyte is up in no time; the address is for the person who has the file at hand. */
const ADDRESS_VALID_MS = 5 * 60_000;

export interface ShipmentFilesDeps extends Omit<Acting, 'actor'> {
  readonly shipmentFiles: Pick<DroppedFiles<ShipmentFileResult>, 'resultOf' | 'listResults'>;
  readonly fileAddresses: FileAddresses;
}

/** An address to which exactly this file can be put; its shipments are registered by themselves. */
export async function requestShipmentFileUpload(
  { fileAddresses, activities, clock }: ShipmentFilesDeps,
  wanted: { readonly fileName: string; readonly sizeBytes: number; readonly contentType: string },
  by: { readonly actor: string; readonly activityId: string },
): Promise<UploadAddress & { readonly expiresAt: string }> {
  const nowMs = clock.now();
  const at = isoInstant(nowMs);
  const address = await fileAddresses.address({ ...wanted, at, validMs: ADDRESS_VALID_MS });
  await activities.append({
    activityId: by.activityId,
    at,
    actor: by.actor,
    action: 'shipment-file-upload-requested',
    subject: 'shipments',
    after: { objectKey: address.objectKey, sizeBytes: wanted.sizeBytes },
  });
  return { ...address, expiresAt: isoInstant(nowMs + ADDRESS_VALID_MS) };
}

/** What came of the files of the last three months, newest first. */
export function listShipmentFiles(
  { shipmentFiles }: ShipmentFilesDeps,
  page: { readonly limit: number; readonly after?: string | undefined },
): ReturnType<ShipmentFilesDeps['shipmentFiles']['listResults']> {
  return shipmentFiles.listResults(page);
}

export function readShipmentFile(
  { shipmentFiles }: ShipmentFilesDeps,
  fileId: string,
): Promise<ShipmentFileResult | undefined> {
  return shipmentFiles.resultOf(fileId);
}
