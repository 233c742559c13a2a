import { createIssuerStandIn, type IssuerStandIn } from './stand-in.ts';

/** The other issuer of the demonstration: what the owner types to reach it. */
export const DEMO_ISSUER = {
  host: 'bitztobe.example',
  apiKey: 'demo-issuer-not-a-secret',
  issuerAccountId: 'demo-shop',
} as const;

/** It makes each document while its caller waits. */
export function createDemoIssuer(): IssuerStandIn {
  return createIssuerStandIn({ ...DEMO_ISSUER, now: () => Date.now(), makingMs: 0 });
}
