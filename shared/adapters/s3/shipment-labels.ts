import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ShipmentLabels } from '../../ports/shipment-labels.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import type { S3Later } from './client-later.ts';
import { labelPrefixOf } from './keys.ts';

/** Long enough to print, short enough that a copied address is worth nothing. */
const LINK_SECONDS = 300;
/** ZPL has no registered type; a printer's driver takes the bytes. */
const MEDIA_TYPES = { PDF: 'application/pdf', ZPL: 'application/octet-stream' } as const;

/** Labels of parcels in the tenant's bucket of personal files. */
export function createShipmentLabels(s3: S3Later, bucket: string): ShipmentLabels {
  return {
    async keep(shipmentKey, format, labels) {
      const { sdk, client } = await s3();
      const keys: string[] = [];
      for (const [index, label] of labels.entries()) {
        const key = `${labelPrefixOf(shipmentKey)}${index + 1}.${format.toLowerCase()}`;
        const put = { Bucket: bucket, Key: key, Body: label, ContentType: MEDIA_TYPES[format] };
        await callAws('s3', () => client.send(new sdk.PutObjectCommand(put)));
        keys.push(key);
      }
      return keys;
    },

    async linkTo(labelKey) {
      const { sdk, client } = await s3();
      const get = new sdk.GetObjectCommand({
        Bucket: bucket,
        Key: labelKey,
        ResponseContentDisposition: 'attachment',
      });
      return {
        url: await callAws('s3', () => getSignedUrl(client, get, { expiresIn: LINK_SECONDS })),
        validMs: LINK_SECONDS * 1000,
      };
    },

    async deleteFor(shipmentKey) {
      const { sdk, client } = await s3();
      // A shipment has thirty labels at most: one page.
      const page = await callAws('s3', () =>
        client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: labelPrefixOf(shipmentKey) })),
      );
      // One by one: each call names its object, which is what the right is given for.
      for (const { Key } of page.Contents ?? []) {
        await callAws('s3', () => client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key })));
      }
    },
  };
}
