import { randomUUID } from 'node:crypto';
import type { PartnerAnswer } from '../partner.ts';

/** eBay's answers of failure: `{"errors":[{errorId,domain,category,message,longMessage}]}`. */
export class EbayRefusal extends Error {
  readonly status: number;
  readonly errorId: number;
  readonly domain: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    errorId: number,
    message: string,
    { domain = 'API_FULFILLMENT', headers = {} }: { domain?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.errorId = errorId;
    this.domain = domain;
    this.headers = headers;
  }
}

export function jsonAnswer(
  operation: string,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): PartnerAnswer {
  return {
    operation,
    status,
    headers: { 'content-type': 'application/json', 'x-ebay-c-request-id': randomUUID(), ...headers },
    body: JSON.stringify(body),
  };
}

export function refusalAnswer(operation: string, refusal: EbayRefusal): PartnerAnswer {
  const { status, errorId, domain, message, headers } = refusal;
  const category = status >= 500 ? 'APPLICATION' : 'REQUEST';
  return jsonAnswer(
    operation,
    status,
    { errors: [{ errorId, domain, category, message, longMessage: message }] },
    headers,
  );
}
