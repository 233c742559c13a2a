import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import * as z from 'zod';
import type { Customisation } from '../../domain/customisation.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { CustomisationFiles, CustomisedLine } from '../../ports/customisation-files.ts';
import { awsFailure, callAws } from '../../runtime/aws-errors.ts';
import type { S3Later } from './client-later.ts';
import { customisationPrefixOf, customisationPrefixOfLine } from './keys.ts';

/** Long enough to save a file, short enough that a copied address is worth nothing. */
const LINK_SECONDS = 300;

const partSchema = z.object({
  surface: z.string().optional(),
  label: z.string(),
  kind: z.enum(['text', 'option', 'font', 'colour', 'image']),
  value: z.string(),
  font: z.string().optional(),
  colour: z.string().optional(),
});
const mediaTypeSchema = z.enum([
  'application/json',
  'application/xml',
  'image/jpeg',
  'image/png',
  'image/svg+xml',
]);
const customisationSchema = z.object({
  parts: z.array(partSchema),
  notUnderstood: z.array(z.string()),
  files: z.array(z.object({ name: z.string(), mediaType: mediaTypeSchema, sizeBytes: z.int() })),
});

/** Customisations in the tenant's bucket of personal files. What was read is written last: it says that all is there. */
export function createCustomisationFiles(s3: S3Later, bucket: string): CustomisationFiles {
  const put = async (key: string, body: Buffer | string, contentType: string) => {
    const { sdk, client } = await s3();
    const put = { Bucket: bucket, Key: key, Body: body, ContentType: contentType };
    await callAws('s3', () => client.send(new sdk.PutObjectCommand(put)));
  };
  return {
    async keep(line, { packed, customisation, files }) {
      const prefix = customisationPrefixOfLine(line);
      await put(`${prefix}package.zip`, packed, 'application/zip');
      for (const { name, mediaType, bytes } of files) await put(`${prefix}files/${name}`, bytes, mediaType);
      await put(`${prefix}customisation.json`, JSON.stringify(customisation), 'application/json');
    },

    async read(line) {
      const { sdk, client } = await s3();
      let text: string | undefined;
      try {
        const key = `${customisationPrefixOfLine(line)}customisation.json`;
        const answer = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
        text = await answer.Body?.transformToString();
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return undefined;
        throw awsFailure('s3', error);
      }
      return customisationOf(text ?? '', line);
    },

    async linkTo(line, fileName) {
      const { sdk, client } = await s3();
      return getSignedUrl(
        client,
        new sdk.GetObjectCommand({
          Bucket: bucket,
          Key: `${customisationPrefixOfLine(line)}files/${fileName}`,
          // Never opened in the browser: a buyer's SVG stays a file.
          ResponseContentDisposition: 'attachment',
          ResponseContentType: 'application/octet-stream',
        }),
        { expiresIn: LINK_SECONDS },
      );
    },

    async deleteFor(orderId) {
      const { sdk, client } = await s3();
      // Listed anew after each round: what is gone is no longer in the list.
      for (;;) {
        const page = await callAws('s3', () =>
          client.send(
            new sdk.ListObjectsV2Command({
              Bucket: bucket,
              Prefix: customisationPrefixOf(orderId),
              MaxKeys: 1000,
            }),
          ),
        );
        const found = (page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
        if (found.length === 0) return;
        // One by one: a handful of files, and a role that may delete under a prefix may do this everywhere.
        for (const { Key } of found) {
          await callAws('s3', () => client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key })));
        }
      }
    },
  };
}

function customisationOf(text: string, { orderId, orderLineId }: CustomisedLine): Customisation {
  try {
    const { parts, ...rest } = customisationSchema.parse(JSON.parse(text));
    return { ...rest, parts: parts.map((part) => ({ ...part, surface: part.surface })) };
  } catch {
    // Without `cause`: a parser's message may quote what the buyer wrote.
    throw new UnexpectedAnswerError(
      's3',
      `the customisation of ${orderId} ${orderLineId} is not in our format`,
    );
  }
}
