import * as z from 'zod';
import type { CredentialStore } from '../../ports/credentials.ts';
import type { ShipmentTracker } from '../../ports/shipment-tracker.ts';
import { type Asked, callCourier, failureOf, isSuccess, jsonOf } from '../courier-http/call.ts';
import { createNumberTracker } from '../courier-http/tracker.ts';
import { readDhlTracking } from './tracking-answer.ts';

const TRACKING_URL = 'https://api-eu.dhl.com/track/shipments';
const ASKED: Asked = { courier: 'dhl', operation: 'track' };

/** The key of an app on DHL's developer portal, under this name in the credential store. */
export const dhlCredentialsSchema = z.object({
  // Exactly what may stand in a header: a key pasted with a line end would come back in the error about it.
  apiKey: z.string().regex(/^[\x21-\x7e]{1,128}$/),
});

/** DHL says so in a body of its own; a gateway's 404 has none. */
const notFoundSchema = z.object({ status: z.coerce.number().pipe(z.literal(404)), title: z.string() });

/**
 * DHL's tracking by shipment or piece number, for all its companies.
 * Source: DHL, "Shipment Tracking – Unified" 1.5.8, `GET /shipments`.
 */
export function createDhlTracker(credentials: Pick<CredentialStore, 'getCredentials'>): ShipmentTracker {
  return createNumberTracker({
    courier: 'dhl',
    credentials,
    schema: dhlCredentialsSchema,
    open:
      ({ apiKey }) =>
      async (trackingNumber) => {
        const url = new URL(TRACKING_URL);
        url.searchParams.set('trackingNumber', trackingNumber);
        url.searchParams.set('language', 'en');
        const headers = { accept: 'application/json', 'dhl-api-key': apiKey };
        const answer = await callCourier(ASKED, { url, method: 'GET', headers });
        if (isSuccess(answer)) return readDhlTracking(ASKED, trackingNumber, jsonOf(answer));
        if (answer.status === 404 && notFoundSchema.safeParse(jsonOf(answer)).success) return 'not-yet';
        throw failureOf(ASKED, answer);
      },
  });
}
