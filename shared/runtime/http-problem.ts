import type { ProblemDocument } from '../../events/http/problem.ts';
import { PartnerError, RejectedError, ThrottledError, UnavailableError } from '../domain/errors.ts';

/** What can go wrong, once: status, and words for programs and people. */
const PROBLEMS = {
  'invalid-request': {
    status: 400,
    title: 'The request breaks a rule',
    detail: 'La richiesta non rispetta le regole: vedi i campi indicati.',
    detailEn: 'The request breaks a rule: see the fields named.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'Not a cursor of this list',
    detail: 'Il cursore non è di questo elenco: ricomincia dalla prima pagina.',
    detailEn: 'The cursor is not one of this list: begin with the first page again.',
  },
  'idempotency-key-required': {
    status: 400,
    title: 'An Idempotency-Key is required',
    detail: 'Manca l’intestazione Idempotency-Key: da 8 a 64 lettere, cifre, trattini.',
    detailEn: 'The header Idempotency-Key is missing: 8 to 64 letters, digits, hyphens.',
  },
  unauthenticated: {
    status: 401,
    title: 'Not signed in',
    detail: 'Accesso non valido o scaduto: entra di nuovo.',
    detailEn: 'Sign-in missing or expired: sign in again.',
  },
  'not-allowed': {
    status: 403,
    title: 'Not allowed',
    detail: 'Il tuo ruolo non lo permette.',
    detailEn: 'Your role does not allow this.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    detail: 'Non esiste, o non esiste più.',
    detailEn: 'There is no such thing, or no longer.',
  },
  conflict: {
    status: 409,
    title: 'Not possible as things stand',
    detail: 'Non è possibile nello stato attuale.',
    detailEn: 'This is not possible as things stand.',
  },
  'request-in-progress': {
    status: 409,
    title: 'The same request is under way',
    detail: 'La stessa richiesta è in corso: riprova tra poco.',
    detailEn: 'The same request is under way: try again in a moment.',
  },
  'changed-meanwhile': {
    status: 412,
    title: 'Changed by somebody else',
    detail: 'Qualcun altro l’ha modificato nel frattempo: rileggi e riprova.',
    detailEn: 'Somebody else changed it meanwhile: read it again and retry.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    detail: 'Il corpo della richiesta è troppo grande.',
    detailEn: 'The body of the request is too large.',
  },
  'not-json': {
    status: 415,
    title: 'The body is not JSON',
    detail: 'Il corpo della richiesta deve essere JSON (Content-Type: application/json).',
    detailEn: 'The body of the request has to be JSON (Content-Type: application/json).',
  },
  'key-of-another-request': {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    detail: 'Questa Idempotency-Key è già di un’altra richiesta.',
    detailEn: 'This Idempotency-Key belongs to another request.',
  },
  refused: {
    status: 422,
    title: 'Understood and refused',
    detail: 'La richiesta è chiara ma non può essere accolta.',
    detailEn: 'The request is understood, but cannot be granted.',
  },
  'refused-by-partner': {
    status: 422,
    title: 'Refused by the partner',
    detail: 'Il marketplace o il fornitore ha rifiutato la richiesta.',
    detailEn: 'The marketplace or provider refused the request.',
  },
  'version-required': {
    status: 428,
    title: 'If-Match is required',
    detail: 'Manca l’intestazione If-Match con l’ETag dell’ultima lettura.',
    detailEn: 'The header If-Match with the ETag of the last read is missing.',
  },
  throttled: {
    status: 429,
    title: 'Too fast',
    detail: 'Troppe richieste: riprova più tardi.',
    detailEn: 'Too many requests: try again later.',
  },
  'internal-error': {
    status: 500,
    title: 'Our mistake',
    detail: 'Errore interno: riprova, e se continua segnala l’identificativo.',
    detailEn: 'An internal error: try again, and report the instance if it stays.',
  },
  'unexpected-answer': {
    status: 502,
    title: 'A partner answered something unexpected',
    detail: 'Un servizio esterno ha risposto in modo inatteso.',
    detailEn: 'An external service answered something unexpected.',
  },
  unavailable: {
    status: 503,
    title: 'Not available now',
    detail: 'Servizio al momento non disponibile: riprova tra poco.',
    detailEn: 'Not available at the moment: try again in a moment.',
  },
} as const satisfies Readonly<
  Record<string, Pick<ProblemDocument, 'status' | 'title' | 'detail' | 'detailEn'>>
>;

export type ProblemKind = keyof typeof PROBLEMS;

export interface ProblemFacts {
  /** In place of the kind, where programs have to tell more apart: `archived`. */
  readonly code?: string | undefined;
  /** In place of the kind's own words. */
  readonly words?: { readonly detail: string; readonly detailEn: string } | undefined;
  readonly issues?: ProblemDocument['issues'];
  readonly retryAfterMs?: number | undefined;
}

/** A request that is answered with a problem. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly facts: ProblemFacts;
  constructor(kind: ProblemKind, facts: ProblemFacts = {}) {
    super(facts.code ?? kind);
    this.name = 'Problem';
    this.kind = kind;
    this.facts = facts;
  }
  get status(): number {
    return PROBLEMS[this.kind].status;
  }
  /** @param instance the request's id */
  document(instance: string): ProblemDocument {
    const { code = this.kind, words, issues } = this.facts;
    return {
      type: `urn:markeplay:problem:${code}`,
      ...PROBLEMS[this.kind],
      ...words,
      code,
      instance,
      ...(issues === undefined ? {} : { issues }),
    };
  }
}

/** Where nobody says when to come back. */
const RETRY_AFTER_MS = 5_000;
/** Our own stores: a refusal by one of them is a mistake of ours, not of the caller. */
const OWN_STORES = ['dynamodb', 's3', 'sqs', 'ssm'];

/** Any failure as the problem that is answered: the four families keep their meaning, the rest is our mistake. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ThrottledError) return new Problem('throttled', { retryAfterMs: error.retryAfterMs });
  if (error instanceof UnavailableError) return new Problem('unavailable', { retryAfterMs: RETRY_AFTER_MS });
  if (error instanceof RejectedError) {
    return new Problem(OWN_STORES.includes(error.partner) ? 'internal-error' : 'refused-by-partner');
  }
  if (error instanceof PartnerError) {
    return new Problem(OWN_STORES.includes(error.partner) ? 'internal-error' : 'unexpected-answer');
  }
  return new Problem('internal-error');
}
