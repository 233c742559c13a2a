import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Establishing a connection inside a region takes milliseconds; a second means that something is broken. */
const CONNECTION_TIMEOUT_MS = 1_000;
/** The slowest call we make is a transaction of 100 items. */
const REQUEST_TIMEOUT_MS = 10_000;
/** First try included; the SDK backs off exponentially with jitter between them. */
const ATTEMPTS_MAX = 5;

/** Region, credentials and endpoint come from the SDK's standard environment. */
export function createDynamoDbClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}
