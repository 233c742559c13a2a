import type { S3ClientConfig } from '@aws-sdk/client-s3';

/** Establishing a connection inside a region takes milliseconds; a second means that something is broken. */
const CONNECTION_TIMEOUT_MS = 1_000;
/** Between two pieces of a body; a whole large file may take longer. */
const REQUEST_TIMEOUT_MS = 30_000;
/** First try included; the SDK backs off exponentially with jitter between them. */
const ATTEMPTS_MAX = 5;

/** Region, credentials and endpoint come from the SDK's standard environment. */
export const S3_CONFIG: S3ClientConfig = {
  maxAttempts: ATTEMPTS_MAX,
  requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
};
