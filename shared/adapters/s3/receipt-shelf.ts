import { createHash } from 'node:crypto';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { FileLink, ReceiptShelf } from '../../ports/receipt-shelf.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import type { S3Later } from './client-later.ts';
import { LOGO_PREFIX, RECEIPT_EXPORT_PREFIX } from './keys.ts';

/** Long enough to open, short enough that a copied address is worth nothing. */
const LINK_SECONDS = 300;

/**
 * Logos and issued PDFs in the receipts bucket. Exports stand with the reports: what stands with the documents is kept for
 * the fiscal period.
 */
export function createReceiptShelf(
  s3: S3Later,
  buckets: { readonly receipts: string; readonly exports: string },
): ReceiptShelf {
  const put = async (Bucket: string, Key: string, Body: Uint8Array, ContentType: string): Promise<void> => {
    const { sdk, client } = await s3();
    await callAws('s3', () => client.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ContentType })));
  };
  const linkTo = async (Bucket: string, Key: string, fileName: string): Promise<FileLink> => {
    const { sdk, client } = await s3();
    const get = new sdk.GetObjectCommand({
      Bucket,
      Key,
      ResponseContentDisposition: `attachment; filename="${fileName.replaceAll(/[^\w.-]+/g, '-')}"`,
    });
    const url = await callAws('s3', () => getSignedUrl(client, get, { expiresIn: LINK_SECONDS }));
    return { url, validMs: LINK_SECONDS * 1_000 };
  };

  return {
    async keepLogo(picture, mediaType) {
      const name = createHash('sha256').update(picture).digest('hex');
      const key = `${LOGO_PREFIX}${name}.${mediaType === 'image/png' ? 'png' : 'jpg'}`;
      await put(buckets.receipts, key, picture, mediaType);
      return { key };
    },

    linkToPdf: (key, fileName) => linkTo(buckets.receipts, key, fileName),

    async keepExport({ fileName, mediaType, bytes }) {
      const key = `${RECEIPT_EXPORT_PREFIX}${fileName}`;
      await put(buckets.exports, key, bytes, mediaType);
      return linkTo(buckets.exports, key, fileName);
    },
  };
}
