import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credentials.ts';
import type { ShipmentTracker } from '../../ports/shipment-tracker.ts';
import { createSignedInCall } from '../courier-http/access-token.ts';
import { type Asked, callCourier, failureOf, isSuccess, jsonOf } from '../courier-http/call.ts';
import { type AskByNumber, createNumberTracker } from '../courier-http/tracker.ts';
import { readUpsTracking } from './tracking-answer.ts';

const BASE_URL = 'https://onlinetools.ups.com';
const ASKED: Asked = { courier: 'ups', operation: 'track' };
const SIGN_IN: Asked = { courier: 'ups', operation: 'sign-in' };

/** An app of UPS's developer portal, under these names in the credential store. */
export const upsCredentialsSchema = z.object({
  // No colon: it parts the two in the header.
  clientId: z.string().regex(/^[\x21-\x39\x3b-\x7e]{1,256}$/),
  clientSecret: z.string().regex(/^[\x21-\x7e]{1,256}$/),
});

/** UPS says so in a body of its own; a gateway's 404 has none. */
const notFoundSchema = z.object({
  response: z.object({ errors: z.array(z.object({ code: z.string() })).min(1) }),
});

/**
 * UPS's tracking by the number of one package.
 * Source: UPS, "Tracking API", `GET /track/v1/details/{inquiryNumber}`; "OAuth Client Credentials", `POST
 * /security/v1/oauth/token`.
 */
export function createUpsTracker(
  credentials: Pick<CredentialStore, 'getCredentials'>,
  clock: Clock,
): ShipmentTracker {
  return createNumberTracker({
    courier: 'ups',
    credentials,
    schema: upsCredentialsSchema,
    open: (account) => openUps(account, clock),
  });
}

function openUps(
  { clientId, clientSecret }: z.infer<typeof upsCredentialsSchema>,
  clock: Clock,
): AskByNumber {
  const signedIn = createSignedInCall(SIGN_IN, clock, () =>
    callCourier(SIGN_IN, {
      url: new URL(`${BASE_URL}/security/v1/oauth/token`),
      method: 'POST',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    }),
  );

  return async (trackingNumber) => {
    const url = new URL(`${BASE_URL}/api/track/v1/details/${encodeURIComponent(trackingNumber)}`);
    // The words that events are told by are in this language.
    url.searchParams.set('locale', 'en_US');
    const answer = await signedIn((token) =>
      callCourier(ASKED, {
        url,
        method: 'GET',
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          transid: randomUUID().replaceAll('-', ''),
          transactionsrc: 'MarkeplayChannels',
        },
      }),
    );
    if (isSuccess(answer)) return readUpsTracking(ASKED, trackingNumber, jsonOf(answer));
    if (answer.status === 404 && notFoundSchema.safeParse(jsonOf(answer)).success) return 'not-yet';
    throw failureOf(ASKED, answer);
  };
}
