import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/**
 * S3 takes an object of up to 5 GiB in one request, the emulator 11 MiB. A larger one is handed on in parts: its tag
 * is then that of an upload in parts, all else is the same.
 */
const EMULATOR_BODY_MAX_BYTES = 11 * 1024 * 1024;

/** A put of a whole object that the emulator would not take in one piece. */
export function isLargePut(method: string, url: string, headers: IncomingHttpHeaders): boolean {
  const { pathname, searchParams } = new URL(url, 'http://s3.local');
  const wholeObject = method === 'PUT' && !searchParams.has('uploadId') && pathname.split('/').length > 2;
  // A length that is not stated may be any.
  const length =
    headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? Number.POSITIVE_INFINITY;
  return (
    wholeObject && headers['x-amz-copy-source'] === undefined && Number(length) > EMULATOR_BODY_MAX_BYTES
  );
}

/** Puts an object in parts; answers its tag, quotes included. */
export async function putInParts(
  emulator: { readonly endpoint: string; readonly region: string },
  url: string,
  headers: IncomingHttpHeaders,
  body: AsyncIterable<Buffer>,
): Promise<string> {
  const [bucket = '', ...key] = new URL(url, 'http://s3.local').pathname
    .slice(1)
    .split('/')
    .map(decodeURIComponent);
  const client = new S3Client({
    ...emulator,
    forcePathStyle: true,
    credentials: { accessKeyId: 'LOCALSTACK', secretAccessKey: 'local' },
  });
  try {
    const upload = new Upload({
      client,
      params: {
        Bucket: bucket,
        Key: key.join('/'),
        ContentType: headers['content-type'],
        Metadata: Object.fromEntries(
          Object.entries(headers)
            .filter(([name]) => name.startsWith('x-amz-meta-'))
            .map(([name, value]) => [name.slice('x-amz-meta-'.length), String(value)]),
        ),
        Body: Readable.from(isAwsChunked(headers) ? contentOf(body) : body),
      },
    });
    return (await upload.done()).ETag ?? '';
  } finally {
    client.destroy();
  }
}

function isAwsChunked(headers: IncomingHttpHeaders): boolean {
  return String(headers['x-amz-content-sha256']).startsWith('STREAMING-');
}

/**
 * The content of an `aws-chunked` body: chunks of `<hex length>[;signature]`, the bytes, and after a chunk of length
 * zero the trailers. Source: Amazon S3 API reference, "Signature calculations … transferring payload in multiple chunks".
 */
export async function* contentOf(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let buffered = Buffer.alloc(0);
  let left = 0;
  for await (const piece of body) {
    buffered = Buffer.concat([buffered, piece]);
    for (;;) {
      if (left > 0) {
        const taken = buffered.subarray(0, left);
        if (taken.length === 0) break;
        yield taken;
        left -= taken.length;
        buffered = buffered.subarray(taken.length);
        continue;
      }
      // The line end after the chunk before is still there.
      const start = buffered[0] === 0x0d ? 2 : 0;
      const lineEnd = buffered.indexOf('\r\n', start);
      if (lineEnd < 0) break;
      left = Number.parseInt(buffered.toString('latin1', start, lineEnd), 16);
      buffered = buffered.subarray(lineEnd + 2);
      if (left === 0) return;
    }
  }
}
