import {
  CONNECTION_DROPPED,
  type Partner,
  type PartnerAnswer,
  type PartnerRequest,
} from '../../local/partners/partner.ts';

/** What stands behind a fetch: a partner's stand-in, or a test's own answers. */
export type Answering = Pick<Partner, 'hosts' | 'answer'>;

/** A fetch that reaches these partners and nobody else; a library that calls through fetch runs on it unchanged. */
export function fetchFrom(partner: Answering): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const asked: PartnerRequest = {
      method: request.method,
      url: new URL(request.url),
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    };
    if (!partner.hosts.includes(asked.url.host)) throw new TypeError(`nobody stands at ${asked.url.host}`);
    const answer = partner.answer(asked);
    if (answer === CONNECTION_DROPPED) throw new TypeError('fetch failed');
    return responseOf(answer);
  };
}

function responseOf({ status, headers, body }: PartnerAnswer): Response {
  return new Response(body, { status, headers });
}
