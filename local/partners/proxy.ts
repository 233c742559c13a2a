import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompletedRequest } from 'mockttp';
import type { Trace } from '../trace.ts';
import { CONNECTION_DROPPED, type Partner } from './partner.ts';

/** The way out of this machine, as functions see it: partners are answered by their stand-ins, all else is refused. */
export interface PartnerProxy {
  readonly url: string;
  /** The authority that signed the certificates the proxy shows; made for this run only. */
  readonly caCertificateFile: string;
  stop(): Promise<void>;
}

/** @param folder where the certificate is written */
export async function startPartnerProxy(
  partners: readonly Partner[],
  folder: string,
  trace: Trace,
): Promise<PartnerProxy> {
  // Imported here, beside the slower starts: it takes half a second.
  const { generateCACertificate, getLocal } = await import('mockttp');
  const ca = await generateCACertificate({ subject: { commonName: 'Markeplay local stack' } });
  const caCertificateFile = join(folder, 'partners-ca.pem');
  await writeFile(caCertificateFile, ca.cert);

  const byHost = new Map(
    partners.flatMap((partner) => partner.hosts.map((host) => [host, partner] as const)),
  );
  const server = getLocal({ https: { key: ca.key, cert: ca.cert }, recordTraffic: false });
  await server.start(0);
  await server.forAnyRequest().thenCallback(async (request: CompletedRequest) => {
    const url = new URL(request.url);
    const partner = byHost.get(url.host);
    if (partner === undefined) {
      trace.add('host-refused', { host: url.host });
      return {
        statusCode: 502,
        headers: { 'content-type': 'text/plain' },
        body: `The local stack knows no partner at ${url.host}.`,
      };
    }
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers[name] = [value].flat().join(', ');
    }
    const answer = partner.answer({
      method: request.method,
      url,
      headers,
      body: (await request.body.getText()) ?? '',
      bytes: await request.body.getDecodedBuffer(),
    });
    if (answer === CONNECTION_DROPPED) {
      trace.add('partner-call', { partner: partner.name, path: url.pathname, status: CONNECTION_DROPPED });
      return 'reset';
    }
    trace.add('partner-call', { partner: partner.name, operation: answer.operation, status: answer.status });
    return { statusCode: answer.status, headers: answer.headers, body: answer.bytes ?? answer.body };
  });

  return { url: `http://127.0.0.1:${server.port}`, caCertificateFile, stop: () => server.stop() };
}
