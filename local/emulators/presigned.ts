import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The secret of every key on this machine. */
const SECRET = 'local';

/** Who signed an address and why it is not good, when it is not. */
export interface PresignedCheck {
  readonly accessKeyId: string;
  readonly problem?: 'AccessDenied' | 'SignatureDoesNotMatch' | undefined;
}

/**
 * Checks a presigned address as S3 does: not expired, and signed for just this method, object and these headers, the length
 * and type of what is sent among them. Undefined for a call that carries its signature in a header.
 * Source: Amazon S3 API reference, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)".
 */
export function checkPresigned(
  {
    method,
    url,
    headers,
  }: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders },
  nowMs: number,
): PresignedCheck | undefined {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const signature = searchParams.get('X-Amz-Signature');
  if (signature === null) return undefined;
  const [accessKeyId = '', day = '', region = '', service = ''] = (
    searchParams.get('X-Amz-Credential') ?? ''
  ).split('/');
  const at = searchParams.get('X-Amz-Date') ?? '';
  const signedAtMs = Date.parse(
    at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  const validMs = Number(searchParams.get('X-Amz-Expires')) * 1000;
  if (!(nowMs < signedAtMs + validMs)) return { accessKeyId, problem: 'AccessDenied' };

  const signedHeaders = searchParams.get('X-Amz-SignedHeaders') ?? '';
  const query = [...searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort();
  const canonical = [
    method,
    pathname,
    query.join('&'),
    ...signedHeaders.split(';').map((name) => `${name}:${[headers[name] ?? ''].flat().join(',').trim()}`),
    '',
    signedHeaders,
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', at, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    `AWS4${SECRET}`,
  );
  const expected = createHmac('sha256', key).update(toSign).digest('hex');
  return expected === signature ? { accessKeyId } : { accessKeyId, problem: 'SignatureDoesNotMatch' };
}

/** RFC 3986, as the signature wants it. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
