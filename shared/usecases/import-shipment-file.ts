import { isoInstant } from '../domain/pull-window.ts';
import {
  inFileOrder,
  type RejectedShipmentRow,
  SHIPMENT_FILE_BYTES_MAX,
  type ShipmentFileResult,
  shipmentsOfRows,
} from '../domain/shipment-file.ts';
import type { DroppedFile, DroppedFiles } from '../ports/dropped-files.ts';
import type { ShipmentFileReader } from '../ports/shipment-file-reader.ts';
import { type RegisterShipmentDeps, registerShipment } from './register-shipment.ts';

export interface ImportShipmentFileDeps extends Omit<RegisterShipmentDeps, 'actor'> {
  readonly files: DroppedFiles<ShipmentFileResult>;
  readonly reader: ShipmentFileReader;
}

/** Nobody is there when a file is read; who asked for its address stands in the activities. */
const ACTOR = 'system';

/**
 * Registers the shipments of one dropped file, and keeps what came of each row. Work that was cut off is repeated as a whole: a
 * shipment that is here already stays one.
 * @returns undefined when there is nothing to do: the object is gone, is elsewhere, or was read before
 * @throws PartnerError when a store is unavailable; the same call later finishes the work
 */
export async function importShipmentFile(
  deps: ImportShipmentFileDeps,
  objectKey: string,
): Promise<ShipmentFileResult | undefined> {
  const { files, clock } = deps;
  const file = await files.find(objectKey);
  if (file === undefined || (await files.resultOf(file.fileId)) !== undefined) return undefined;
  const outcome = await registered(deps, file);
  const { fileId, fileName, uploadedAt } = file;
  const result = { fileId, fileName, uploadedAt, readAt: isoInstant(clock.now()), ...outcome };
  await files.keepResult(fileId, result);
  return result;
}

type Outcome = Omit<ShipmentFileResult, 'fileId' | 'fileName' | 'uploadedAt' | 'readAt'>;
const NOTHING: Outcome = {
  rows: 0,
  registered: 0,
  known: 0,
  waitingOrders: 0,
  rejected: [],
  ignoredColumns: [],
};

async function registered(deps: ImportShipmentFileDeps, file: DroppedFile): Promise<Outcome> {
  // Not even fetched: somebody may have dropped a film.
  if (file.sizeBytes > SHIPMENT_FILE_BYTES_MAX) {
    return { ...NOTHING, problem: { code: 'too-large', detail: '1 MB' } };
  }
  const read = deps.reader.read(await deps.files.read(file), file.uploadedAt);
  if (read.outcome === 'refused') return { ...NOTHING, problem: read.problem };

  const { shipments, rejected } = shipmentsOfRows(read.rows);
  const refused: RejectedShipmentRow[] = [];
  const waiting = new Set<string>();
  let brought = 0;
  let known = 0;
  for (const { lines, registration } of shipments) {
    const answer = await registerShipment({ ...deps, actor: ACTOR }, registration);
    if (answer.outcome === 'refused') {
      refused.push(...lines.map((line) => ({ line, ...answer.refusal })));
      continue;
    }
    // One that an attempt before this one registered is this file's all the same.
    if (answer.shipment.createdAt >= file.uploadedAt) brought += 1;
    else known += 1;
    for (const orderId of answer.waitingFor) waiting.add(orderId);
  }
  return {
    rows: read.rows.length,
    registered: brought,
    known,
    waitingOrders: waiting.size,
    rejected: inFileOrder([...rejected, ...refused]),
    ignoredColumns: read.ignoredColumns,
  };
}
