import * as z from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credentials.ts';
import type { ShipmentTracker } from '../../ports/shipment-tracker.ts';
import { createSignedInCall } from '../courier-http/access-token.ts';
import { type Asked, callCourier, failureOf, isSuccess, jsonOf } from '../courier-http/call.ts';
import { type AskByNumber, createNumberTracker } from '../courier-http/tracker.ts';
import { readPosteTracking } from './tracking-answer.ts';

const BASE_URL = 'https://apiw.gp.posteitaliane.it/gp/internet';
/** What a token is for; the same for every customer. */
const SCOPE = 'https://postemarketplace.onmicrosoft.com/d6a78063-5570-4a87-bbd7-07326e6855d1/.default';
const ASKED: Asked = { courier: 'poste', operation: 'track' };
const SIGN_IN: Asked = { courier: 'poste', operation: 'sign-in' };

/** The contract of Poste Delivery Business, under these names in the credential store. */
export const posteCredentialsSchema = z.object({
  // Exactly what may stand in a header.
  clientId: z.string().regex(/^[\x21-\x7e]{1,256}$/),
  clientSecret: z.string().regex(/^[\x21-\x7e]{1,256}$/),
});

/**
 * The tracking of Poste Italiane and SDA by waybill number (lettera di vettura).
 * Source: Poste Italiane, "Poste Delivery Business – API" (manual 1.9), sessions and tracking.
 */
export function createPosteTracker(
  credentials: Pick<CredentialStore, 'getCredentials'>,
  clock: Clock,
): ShipmentTracker {
  return createNumberTracker({
    courier: 'poste',
    credentials,
    schema: posteCredentialsSchema,
    open: (account) => openPoste(account, clock),
  });
}

function openPoste(
  { clientId, clientSecret }: z.infer<typeof posteCredentialsSchema>,
  clock: Clock,
): AskByNumber {
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    poste_clientid: clientId,
  };
  const signedIn = createSignedInCall(SIGN_IN, clock, () =>
    callCourier(SIGN_IN, {
      url: new URL(`${BASE_URL}/user/sessions`),
      method: 'POST',
      headers,
      body: JSON.stringify({
        clientId,
        secretId: clientSecret,
        scope: SCOPE,
        grantType: 'client_credentials',
      }),
    }),
  );

  return async (trackingNumber) => {
    const answer = await signedIn((token) =>
      callCourier(ASKED, {
        url: new URL(`${BASE_URL}/postalandlogistics/parcel/tracking`),
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${token}` },
        body: JSON.stringify({
          arg0: {
            // `N`: all events, not the last one only.
            shipmentsData: [{ waybillNumber: trackingNumber, lastTracingState: 'N' }],
            statusDescription: 'E',
            customerType: 'DQ',
          },
        }),
      }),
    );
    if (!isSuccess(answer)) throw failureOf(ASKED, answer);
    return readPosteTracking(ASKED, trackingNumber, jsonOf(answer));
  };
}
