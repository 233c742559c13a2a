import { randomUUID } from 'node:crypto';
import type { PartnerAnswer } from '../partner.ts';

/** Amazon's answers of failure: `{"errors":[{code,message,details}]}`. */
export class AmazonRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: string;
  constructor(status: number, code: string, message: string, details = '') {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export const invalidInput = (details: string): AmazonRefusal =>
  new AmazonRefusal(
    400,
    'InvalidInput',
    'One or more request parameters is missing, invalid or malformed.',
    details,
  );

export function jsonAnswer(
  operation: string,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): PartnerAnswer {
  return {
    operation,
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers },
    body: JSON.stringify(body),
  };
}

export function refusalAnswer(
  operation: string,
  refusal: AmazonRefusal,
  headers: Readonly<Record<string, string>> = {},
): PartnerAnswer {
  const { status, code, message, details } = refusal;
  return jsonAnswer(operation, status, { errors: [{ code, message, details }] }, headers);
}
