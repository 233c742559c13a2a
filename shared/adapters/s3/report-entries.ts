import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import * as z from 'zod';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { ReportedEntry, ReportFiles } from '../../ports/report-files.ts';
import { awsFailure } from '../../runtime/aws-errors.ts';
import { ledgerEntrySchema } from '../ledger-entry.ts';
import type { S3Later } from './client-later.ts';
import { RECONCILED_PREFIX } from './keys.ts';

const reportedEntrySchema = z.object({ marketplaceOrderId: z.string(), entry: ledgerEntrySchema });

/** What was kept of reconciled reports, for reading. */
export function createReportEntries(s3: S3Later, bucket: string): Pick<ReportFiles, 'readEntries'> {
  return {
    async *readEntries(reportId) {
      const { sdk, client } = await s3();
      let body: unknown;
      try {
        const get = new sdk.GetObjectCommand({ Bucket: bucket, Key: entriesKey(reportId) });
        body = (await client.send(get)).Body;
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return;
        throw awsFailure('s3', error);
      }
      const unzipped = Readable.from(bytesOf(body)).pipe(createGunzip());
      unzipped.setEncoding('utf8');
      let rest = '';
      for await (const piece of unzipped) {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) yield parseLine(line);
      }
      if (rest !== '') throw new UnexpectedAnswerError('s3', `the entries of report ${reportId} are cut off`);
    },
  };
}

/** Where they are kept. */
export function entriesKey(reportId: string): string {
  return `${RECONCILED_PREFIX}${reportId}.jsonl.gz`;
}

/** The bytes of an object. */
export async function* bytesOf(body: unknown): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable)) throw new UnexpectedAnswerError('s3', 'an object came without a body');
  try {
    for await (const piece of body) yield piece;
  } catch (error) {
    throw new UnavailableError('s3', 's3: the body broke off', { cause: error });
  }
}

function parseLine(line: string): ReportedEntry {
  const parsed = reportedEntrySchema.safeParse(JSON.parse(line));
  if (!parsed.success) {
    throw new UnexpectedAnswerError('s3', 'a kept entry has an unexpected shape', { cause: parsed.error });
  }
  return parsed.data;
}
