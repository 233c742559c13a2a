import { type PartnerError, RejectedError, ThrottledError, UnavailableError } from '../domain/errors.ts';

/** AWS's names for "too fast"; the SDK has already retried with backoff when one of them reaches us. */
const THROTTLED = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ThrottlingException',
  'TooManyUpdates',
  'TransactionInProgressException',
  'TransactionConflictException',
]);
/** The SDK's own retries have waited about this long in the end. */
const AWS_RETRY_AFTER_MS = 5_000;

/** What an AWS SDK error carries beside its name. */
interface AwsErrorFields {
  readonly name?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number | undefined } | undefined;
  readonly $fault?: unknown;
}

/**
 * An AWS SDK failure as one of the four families. The service's message stays in `cause`: it may quote the request.
 * @param service short name of the AWS service, e.g. `dynamodb`
 */
export function awsFailure(service: string, cause: unknown): PartnerError {
  const fields: AwsErrorFields = typeof cause === 'object' && cause !== null ? cause : {};
  const name = typeof fields.name === 'string' ? fields.name : 'Error';
  const status = fields.$metadata?.httpStatusCode;
  if (THROTTLED.has(name)) {
    return new ThrottledError(service, `${service}: ${name}`, { retryAfterMs: AWS_RETRY_AFTER_MS, cause });
  }
  if (fields.$fault === 'client') {
    return new RejectedError(service, `${service}: ${name}`, { ...(status ? { status } : {}), cause });
  }
  return new UnavailableError(service, `${service}: ${name}`, { cause });
}

/** Runs an AWS call; whatever fails leaves as one of the four families. */
export async function callAws<Answer>(service: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw awsFailure(service, error);
  }
}
