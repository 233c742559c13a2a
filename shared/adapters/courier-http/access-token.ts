import * as z from 'zod';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Asked, believed, type CourierAnswer, failureOf, isSuccess, jsonOf } from './call.ts';

/** A call never starts on a token that is about to die. */
const RENEWED_BEFORE_END_MS = 60_000;

const tokenSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  // Seconds; one courier writes them as text.
  expires_in: z.coerce.number().positive().max(31_536_000),
});

/** Makes a call that needs an access token, which is kept for as long as it lives. */
export type SignedInCall = (call: (token: string) => Promise<CourierAnswer>) => Promise<CourierAnswer>;

/**
 * Client credentials, exchanged for a token by one request at a time, however many calls wait for it.
 * @throws CourierRefusedError `unauthorised` when the credentials are not good
 */
export function createSignedInCall(
  asked: Asked,
  clock: Clock,
  requestToken: () => Promise<CourierAnswer>,
): SignedInCall {
  let kept: { readonly token: string; readonly usedUntilMs: number } | undefined;
  let signingIn: Promise<string> | undefined;

  const signIn = (): Promise<string> => {
    signingIn ??= requestToken()
      .then((answer) => {
        const { access_token: token, expires_in } = tokenOf(asked, answer);
        kept = { token, usedUntilMs: clock.now() + expires_in * 1000 - RENEWED_BEFORE_END_MS };
        return token;
      })
      .finally(() => {
        signingIn = undefined;
      });
    return signingIn;
  };

  return async (call) => {
    const token = kept !== undefined && clock.now() < kept.usedUntilMs ? kept.token : await signIn();
    const answer = await call(token);
    if (answer.status !== 401) return answer;
    // The token died early. Another call may have noticed and renewed it already.
    return call(kept !== undefined && kept.token !== token ? kept.token : await signIn());
  };
}

function tokenOf(asked: Asked, answer: CourierAnswer): z.infer<typeof tokenSchema> {
  if (isSuccess(answer)) return believed(asked, tokenSchema, jsonOf(answer));
  // There is nothing in the request but the credentials.
  if (answer.status === 400) {
    throw new CourierRefusedError(asked.courier, `${asked.courier} ${asked.operation}: 400`, {
      reason: 'unauthorised',
    });
  }
  throw failureOf(asked, answer);
}
