import { CONNECTION_DROPPED, type Partner } from '../../local/partners/partner.ts';

/** `fetch` as it is when nothing but a partner's stand-in is reachable; what it was asked is kept in `asked`. */
export function partnerFetch(partner: Pick<Partner, 'hosts' | 'answer'>, asked: URL[] = []): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (!partner.hosts.includes(url.host)) throw new Error(`nobody answers at ${url.host}`);
    asked.push(url);
    const bytes = Buffer.from(await request.arrayBuffer());
    const answer = partner.answer({
      method: request.method,
      url,
      headers: Object.fromEntries(request.headers),
      body: bytes.toString(),
      bytes,
    });
    if (answer === CONNECTION_DROPPED) {
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
      });
    }
    return new Response(
      answer.bytes ? new Uint8Array(answer.bytes) : answer.body === '' ? null : answer.body,
      {
        status: answer.status,
        headers: { ...answer.headers },
      },
    );
  };
}
