import { isIP } from 'node:net';
import {
  PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';

export interface DownloadLimits {
  /** A longer answer is broken off. */
  readonly bytesMax: number;
  /** From the request to the last byte. */
  readonly timeoutMs: number;
}

/** An address may lead to another one this often; each is looked at like the first. */
const REDIRECTS_MAX = 3;
/** When a host that throttles does not say for how long. */
const THROTTLED_RETRY_MS = 60_000;
/** The same address would get the same answer: it is wrong, or its few minutes are over. */
const REJECTED = new Set([400, 401, 403, 404, 410]);
/** Names that only mean something inside a network. */
const INSIDE_NAMES = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private)$/;

/**
 * What stands behind an address that Amazon named: bytes as they come, whole or not at all. Fails with the four families
 * of `PartnerError`; 403, 404 and 410 mean that a new address must be asked for. The address is a key to what it leads
 * to: it stands in no error, and neither does the network's own, which may quote it.
 * @param what the failure is told of, e.g. `report 123`
 * @throws PartnerError before the first byte, or from the iteration
 */
export async function download(
  what: string,
  address: string,
  { bytesMax, timeoutMs }: DownloadLimits,
): Promise<AsyncIterable<Uint8Array>> {
  const signal = AbortSignal.timeout(timeoutMs);
  let url = publicAddress(what, address);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await fetch(url, { redirect: 'manual', signal }).catch((error: unknown) => {
      throw broken(what, error);
    });
    const to = answer.headers.get('location');
    if (answer.status >= 300 && answer.status < 400 && to !== null && redirects < REDIRECTS_MAX) {
      await answer.body?.cancel();
      url = publicAddress(what, to, url);
      continue;
    }
    if (answer.status !== 200 || answer.body === null) {
      await answer.body?.cancel();
      throw refusalOf(what, answer);
    }
    return bounded(what, answer.body, bytesMax);
  }
}

/** The package of a customised order line, whole. Fails like `download`; one that is too large is an unexpected answer. */
export async function downloadCustomisation(address: string, limits: DownloadLimits): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await download('customisation', address, limits)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* bounded(
  what: string,
  body: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.byteLength;
      if (bytes > bytesMax) {
        throw new UnexpectedAnswerError('amazon', `amazon ${what}: larger than ${bytesMax} bytes`);
      }
      yield piece;
    }
  } catch (error) {
    throw error instanceof PartnerError ? error : broken(what, error);
  }
}

/**
 * An address we follow: TLS, a public name, the usual port. Amazon does not publish which hosts it names, so there is no
 * list of them; what must not happen is that it leads us into our own network.
 */
export function publicAddress(what: string, address: string, base?: URL): URL {
  const refuse = (why: string): UnexpectedAnswerError =>
    new UnexpectedAnswerError('amazon', `amazon ${what}: the address ${why}`);
  if (!URL.canParse(address, base?.href)) throw refuse('is none');
  const url = new URL(address, base);
  const host = url.hostname.replace(/\.$/, '');
  if (url.protocol !== 'https:') throw refuse('is not https');
  if (url.username !== '' || url.password !== '') throw refuse('holds a sign-in');
  if (url.port !== '') throw refuse('names a port');
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) throw refuse('is a number, not a name');
  if (!host.includes('.') || INSIDE_NAMES.test(host)) throw refuse('is not a public one');
  return url;
}

function refusalOf(what: string, { status, headers }: Response): PartnerError {
  const text = `amazon ${what}: ${status}`;
  if (status === 429) {
    const seconds = Number(headers.get('retry-after') ?? Number.NaN);
    const retryAfterMs = seconds > 0 ? Math.ceil(seconds * 1000) : THROTTLED_RETRY_MS;
    return new ThrottledError('amazon', text, { retryAfterMs });
  }
  if (status >= 500) return new UnavailableError('amazon', text);
  if (REJECTED.has(status)) return new RejectedError('amazon', text, { status });
  return new UnexpectedAnswerError('amazon', text);
}

export function broken(what: string, error: unknown): UnavailableError {
  const late = error instanceof Error && error.name === 'TimeoutError';
  return new UnavailableError(
    'amazon',
    `amazon ${what}: ${late ? 'not there in time' : 'the connection broke off'}`,
  );
}
