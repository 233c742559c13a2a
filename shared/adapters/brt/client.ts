import * as z from 'zod';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import type { CredentialStore } from '../../ports/credentials.ts';
import { failureOfStatus, networkFailure, unexpected } from './errors.ts';
import {
  EXECUTION_REACTIONS,
  failureOfCode,
  OUTCOME_REACTIONS,
  type Reaction,
  reactionToExecution,
} from './execution-codes.ts';
import { numberText } from './schemas.ts';
import { type SoapQuestion, soapEnvelope, soapReturn } from './soap.ts';

const REST_URL = 'https://api.brt.it/rest/v1';
const SOAP_URL = 'https://wsr.brt.it:10052/web';
/** The whole answer; making the labels of 30 parcels takes a few seconds. */
const CALL_TIMEOUT_MS = 30_000;

/** The contract with BRT, under these names in the credential store. */
export const brtCredentialsSchema = z.object({
  // Exactly what may stand in a header: a password pasted with a line end would come back in the error about it.
  userId: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  password: z.string().regex(/^[\x21-\x7e]{1,128}$/),
  customerCode: z.string().regex(/^\d{7}$/),
  departureDepot: z.string().regex(/^\d{1,3}$/),
  /** Of the contract's tariff, where it has more than one. */
  pricingConditionCode: z.string().min(1).max(3).optional(),
});
export type BrtCredentials = z.infer<typeof brtCredentialsSchema>;

/** A call of the shipments service; its root is named after it: `createResponse`. */
export interface ShipmentCall {
  readonly operation: 'create' | 'confirm' | 'delete';
  readonly method: 'POST' | 'PUT';
  readonly path: '/shipments/shipment' | '/shipments/delete';
  readonly body: Readonly<Record<string, unknown>>;
  /** Codes of failure that say that what is asked for is so already. */
  readonly settledBy?: number | undefined;
}

export interface ShipmentCallAnswer {
  readonly code: number;
  readonly reaction: Reaction;
  /** What stands under the root, not yet believed. */
  readonly answer: unknown;
}

/** One contract with BRT: calls once, and answers or fails with one of the families. */
export interface BrtClient {
  readonly account: Pick<BrtCredentials, 'customerCode' | 'departureDepot' | 'pricingConditionCode'>;
  ship(call: ShipmentCall): Promise<ShipmentCallAnswer>;
  /**
   * Where the parcel with this `trackingByParcelID` is.
   * @returns what stands under the root, not yet believed; `not-yet` when BRT does not know the parcel
   */
  trackParcel(trackingByParcelId: string): Promise<{ readonly answer: unknown } | 'not-yet'>;
  /** The SOAP services know the customer code and no password. */
  ask(question: SoapQuestion): Promise<Readonly<Record<string, unknown>> | 'not-yet'>;
}

const executionMessage = z.object({ code: numberText });
const executedSchema = z.object({ executionMessage });
const trackedSchema = z.object({ executionMessage: executionMessage.nullish(), esito: numberText.nullish() });
const outcomeSchema = z.object({ ESITO: numberText });

export function createBrtClient(credentials: BrtCredentials): BrtClient {
  const { userId, password, ...account } = credentials;

  return {
    account,

    async ship({ operation, method, path, body, settledBy }) {
      const answer = await send(operation, `${REST_URL}${path}`, {
        method,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify({ account: { userID: userId, password }, ...body }),
      });
      const root = rootOf(operation, answer, `${operation}Response`);
      const executed = executedSchema.safeParse(root);
      if (!executed.success) throw unexpected(operation, 'no execution code');
      const { code } = executed.data.executionMessage;
      if (code === settledBy) return { code, reaction: { do: 'go-on' }, answer: root };
      const reaction = reactionToExecution(code);
      if (reaction?.do !== 'go-on' && reaction?.do !== 'go-on-with-warning') {
        throw failureOfCode(operation, code, reaction);
      }
      return { code, reaction, answer: root };
    },

    async trackParcel(trackingByParcelId) {
      const operation = 'track';
      const url = `${REST_URL}/tracking/parcelID/${encodeURIComponent(trackingByParcelId)}`;
      const answer = await send(operation, url, {
        method: 'GET',
        headers: { accept: 'application/json', userID: userId, password },
      });
      const root = rootOf(operation, answer, 'ttParcelIdResponse');
      const tracked = trackedSchema.safeParse(root);
      if (!tracked.success) throw unexpected(operation, 'no readable outcome');
      const { esito, executionMessage: executed } = tracked.data;
      const outcomes: Outcome[] = [];
      if (typeof esito === 'number') {
        // Whose codes it has is not documented for what goes wrong before the tracking.
        const reaction = OUTCOME_REACTIONS.get(esito) ?? EXECUTION_REACTIONS.get(esito);
        outcomes.push({ code: esito, reaction });
      }
      if (executed) {
        // The tracking has codes of its own, and stands behind the same door as the shipments.
        const { code } = executed;
        const reaction = reactionToExecution(code) ?? OUTCOME_REACTIONS.get(code);
        outcomes.push({ code, reaction });
      }
      if (outcomes.length === 0) throw unexpected(operation, 'no outcome');
      return outcomeOf(operation, outcomes) === 'not-yet' ? 'not-yet' : { answer: root };
    },

    async ask(question) {
      const { service: operation } = question;
      const answer = await send(operation, `${SOAP_URL}/${operation}Service/${operation}`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
        body: soapEnvelope(question),
      });
      // BRT may answer 500 with a whole answer in it: the body counts.
      const found = soapReturn(operation, answer.text);
      if (found === undefined) throw failureOfStatus(operation, answer.status, answer.headers);
      const outcome = outcomeSchema.safeParse(found);
      if (!outcome.success) throw unexpected(operation, 'no outcome');
      const { ESITO: code } = outcome.data;
      const reaction = OUTCOME_REACTIONS.get(code);
      return outcomeOf(operation, [{ code, reaction }]) === 'not-yet' ? 'not-yet' : found;
    },
  };
}

/**
 * The client of each account, kept for as long as the process lives. After a refusal the credentials are read anew:
 * they may have been replaced meanwhile.
 */
export function createBrtClients(
  credentials: Pick<CredentialStore, 'getCredentials'>,
  create: (credentials: BrtCredentials) => BrtClient = createBrtClient,
): (accountId: string) => Promise<BrtClient> {
  const clients = new Map<string, BrtClient>();
  return async (accountId) => {
    const known = clients.get(accountId);
    if (known !== undefined) return known;
    const parsed = brtCredentialsSchema.safeParse(await credentials.getCredentials('brt', accountId));
    if (!parsed.success) {
      throw new CourierRefusedError('brt', `brt: no usable credentials stored for account ${accountId}`, {
        reason: 'unauthorised',
      });
    }
    const client = create(parsed.data);
    const forgetting = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
      try {
        return await answer;
      } catch (error) {
        if (error instanceof CourierRefusedError && error.reason === 'unauthorised') {
          clients.delete(accountId);
        }
        throw error;
      }
    };
    const wrapped: BrtClient = {
      account: client.account,
      ship: (call) => forgetting(client.ship(call)),
      trackParcel: (id) => forgetting(client.trackParcel(id)),
      ask: (question) => forgetting(client.ask(question)),
    };
    clients.set(accountId, wrapped);
    return wrapped;
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function send(operation: string, url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(new URL(url), {
      ...init,
      // Followed, it would carry the credentials along.
      redirect: 'manual',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    // The signal holds for the body too: one that stops arriving ends with the same timeout.
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw networkFailure(operation, error);
  }
}

/** BRT says in the body what became of the call, and 200 for failures too: the status counts when it says nothing. */
function rootOf(operation: string, { status, headers, text }: Answer, root: string): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw status >= 200 && status < 300
      ? unexpected(operation, 'the answer is not JSON')
      : failureOfStatus(operation, status, headers);
  }
  const rooted = z.record(z.string(), z.unknown()).safeParse(body);
  const found = rooted.success ? rooted.data[root] : undefined;
  if (found !== undefined) return found;
  throw status >= 200 && status < 300
    ? unexpected(operation, `no ${root}`)
    : failureOfStatus(operation, status, headers);
}

interface Outcome {
  readonly code: number;
  readonly reaction: Reaction | { readonly do: 'not-yet' } | undefined;
}

/** The first that is no plain success decides. */
function outcomeOf(operation: string, outcomes: readonly Outcome[]): 'found' | 'not-yet' {
  for (const { code, reaction } of outcomes) {
    if (reaction?.do === 'not-yet') return 'not-yet';
    if (reaction?.do !== 'go-on' && reaction?.do !== 'go-on-with-warning') {
      throw failureOfCode(operation, code, reaction);
    }
  }
  return 'found';
}
