import { CourierRefusedError, type RefusalReason } from '../../domain/courier-refusal.ts';
import { type PartnerError, UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';

/** What to do about an answer: go on, try the same again later, or leave it to a person, who is told why. */
export type Reaction =
  | { readonly do: 'go-on' }
  | { readonly do: 'go-on-with-warning'; readonly warning: 'address-normalised' | 'pick-up-point-differs' }
  | { readonly do: 'retry' }
  | { readonly do: 'refuse'; readonly reason: RefusalReason };

const retry: Reaction = { do: 'retry' };
const refuse = (reason: RefusalReason): Reaction => ({ do: 'refuse', reason });

/**
 * Reactions to `executionMessage.code` of the REST calls; BRT answers 200 for all of them. Confirm and delete take some
 * codes for a success, which stands with them.
 */
export const EXECUTION_REACTIONS: ReadonlyMap<number, Reaction> = new Map([
  [0, { do: 'go-on' }],
  // The consignee's address was written another way.
  [4, { do: 'go-on-with-warning', warning: 'address-normalised' }],
  [5, { do: 'go-on-with-warning', warning: 'pick-up-point-differs' }],
  // Generic.
  [-1, retry],
  [-5, refuse('invalid')],
  // Login failed, a part of the login missing, user and account do not match.
  [-7, refuse('unauthorised')],
  [-57, refuse('unauthorised')],
  [-67, refuse('unauthorised')],
  // No route was found for the address.
  [-63, refuse('address')],
  // Parcel numbering; label printing.
  [-64, retry],
  [-65, retry],
  [-68, refuse('inconsistent')],
  [-69, refuse('pick-up-point')],
  [-101, refuse('not-confirmable')],
  [-102, refuse('not-confirmable')],
  // Never created, or more than 40 days ago.
  [-151, refuse('invalid')],
  [-152, refuse('taken-over')],
  // Still in processing, as always right after the creation; the record is locked.
  [-153, retry],
  [-154, refuse('not-unique')],
  [-155, retry],
]);

/**
 * Reactions to `ESITO` of the SOAP services and `esito` of the REST tracking. `not-yet`: BRT says "not found" and means
 * "not found or not processed yet". Source: the legend that GetLegendaEsiti answers.
 */
export const OUTCOME_REACTIONS: ReadonlyMap<number, Reaction | { readonly do: 'not-yet' }> = new Map<
  number,
  Reaction | { readonly do: 'not-yet' }
>([
  [0, { do: 'go-on' }],
  // The language is unknown: told in Italian, which is what we ask for.
  [2, { do: 'go-on' }],
  [-1, retry],
  // The database cannot be reached.
  [-3, retry],
  [-4, refuse('invalid')],
  [-5, refuse('invalid')],
  [-10, refuse('invalid')],
  [-11, { do: 'not-yet' }],
  [-20, refuse('invalid')],
  // The customer code: a setting of the account.
  [-21, refuse('unauthorised')],
  [-22, refuse('not-unique')],
  [-23, refuse('invalid')],
  [-30, refuse('invalid')],
]);

/** An answer that is no success, as one of the families; codes only, BRT's texts may quote the request. */
export function failureOfCode(operation: string, code: number, reaction: Reaction | undefined): PartnerError {
  const message = `brt ${operation}: code ${code}`;
  if (reaction?.do === 'refuse') return new CourierRefusedError('brt', message, { reason: reaction.reason });
  if (reaction?.do === 'retry') return new UnavailableError('brt', message);
  return new UnexpectedAnswerError('brt', `${message}, which is in no table`);
}

/** What an execution code asks for; BRT says that above zero it is a warning. */
export function reactionToExecution(code: number): Reaction | undefined {
  return EXECUTION_REACTIONS.get(code) ?? (code > 0 ? { do: 'go-on' } : undefined);
}
