import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { ReceiptFile } from '../../domain/receipt.ts';
import type { ReceiptFiles } from '../../ports/receipt-files.ts';
import { callAws } from '../../runtime/aws-errors.ts';

/** Issued PDFs and the logo in the receipts bucket, which encrypts and versions by itself. */
export function createReceiptFiles(client: S3Client, bucket: string): ReceiptFiles {
  const read = (key: string): Promise<Uint8Array | undefined> =>
    callAws('s3', async () => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    });

  /** False when there is one under the key already. */
  const put = (key: string, pdf: Uint8Array): Promise<boolean> =>
    callAws('s3', async () => {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: pdf,
            ContentType: 'application/pdf',
            IfNoneMatch: '*',
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return false;
        throw error;
      }
    });

  return {
    read,
    async keep(key, pdf): Promise<ReceiptFile> {
      // Read first: a second writer is rare, and the condition decides between two at once.
      const kept = (await read(key)) ?? ((await put(key, pdf)) ? pdf : ((await read(key)) ?? pdf));
      return { key, sha256: createHash('sha256').update(kept).digest('hex'), sizeBytes: kept.byteLength };
    },
  };
}
