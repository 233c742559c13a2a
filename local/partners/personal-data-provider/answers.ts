import type { PartnerAnswer } from '../partner.ts';

/** A refusal with its code; answered as a problem document (RFC 7807). */
export class ProviderRefusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  constructor(status: number, code: string, retryAfter?: number) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export function successAnswer(
  operation: string,
  status: number,
  body: object | undefined,
  headers: Readonly<Record<string, string>> = {},
): PartnerAnswer {
  return {
    operation,
    status,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

export function problemAnswer(operation: string, refusal: ProviderRefusal): PartnerAnswer {
  const { status, code, retryAfter } = refusal;
  const problem = {
    type: 'about:blank',
    title: 'The call was not carried out',
    status,
    code,
    detail: `See the code ${code} in the contract.`,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
  return {
    operation,
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify(problem),
  };
}
