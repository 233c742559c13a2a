import * as z from 'zod';
import type { CredentialStore } from '../../ports/credentials.ts';
import type { ShipmentTracker } from '../../ports/shipment-tracker.ts';
import { type Asked, callCourier, failureOf, isSuccess } from '../courier-http/call.ts';
import { type AskByNumber, createNumberTracker } from '../courier-http/tracker.ts';
import { readGlsTracking } from './tracking-answer.ts';

const TRACKING_URL = 'https://infoweb.gls-italy.com/XML/get_xml_track.php';
const ASKED: Asked = { courier: 'gls', operation: 'track' };

/** The contract with GLS Italy, under these names in the credential store. There is no password. */
export const glsCredentialsSchema = z.object({
  /** Two characters: the depot that the contract is with. */
  depot: z.string().regex(/^[A-Za-z][A-Za-z0-9]$/),
  contractCode: z.string().regex(/^\d{1,10}$/),
});

/**
 * GLS Italy's tracking by shipment number, with the depot's two characters before it or without.
 * Source: GLS Italy, manual MU40 rev. 8.1, "Track & Trace con script XML" (2.3, 2.4).
 */
export function createGlsTracker(credentials: Pick<CredentialStore, 'getCredentials'>): ShipmentTracker {
  return createNumberTracker({ courier: 'gls', credentials, schema: glsCredentialsSchema, open: openGls });
}

function openGls({ depot, contractCode }: z.infer<typeof glsCredentialsSchema>): AskByNumber {
  return async (trackingNumber) => {
    const [, from = depot, number = trackingNumber] = /^([A-Z][A-Z0-9])(\d{6,})$/i.exec(trackingNumber) ?? [];
    const url = new URL(TRACKING_URL);
    url.searchParams.set('locpartenza', from.toUpperCase());
    url.searchParams.set('NumSped', number);
    // The goods left from another depot than the contract's.
    if (from.toUpperCase() !== depot.toUpperCase()) url.searchParams.set('sedecon', depot.toUpperCase());
    url.searchParams.set('CodCli', contractCode);
    const answer = await callCourier(ASKED, { url, method: 'GET', headers: { accept: 'application/xml' } });
    if (!isSuccess(answer)) throw failureOf(ASKED, answer);
    return readGlsTracking(ASKED, number, answer.body);
  };
}
