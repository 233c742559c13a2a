import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { CredentialOwner, CredentialStore } from '../../ports/credentials.ts';
import { callAws } from '../../runtime/aws-errors.ts';

const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;

const credentialsSchema = z.record(z.string(), z.string());

/** Region, credentials and endpoint come from the SDK's standard environment. */
export function createSsmClient(): SSMClient {
  return new SSMClient({
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}

/**
 * One SecureString per account at `<prefix>/<marketplace or personal-data>/<accountId>`, a flat JSON object of strings.
 * @param kmsKeyId key to encrypt with when writing; the account's default key for Parameter Store otherwise
 */
export function createCredentialStore(client: SSMClient, prefix: string, kmsKeyId?: string): CredentialStore {
  const nameOf = (owner: CredentialOwner, accountId: string) => `${prefix}/${owner}/${accountId}`;
  return {
    getCredentials: (owner, accountId) =>
      callAws('ssm', async () => {
        try {
          const answer = await client.send(
            new GetParameterCommand({ Name: nameOf(owner, accountId), WithDecryption: true }),
          );
          return answer.Parameter?.Value;
        } catch (error) {
          if (error instanceof ParameterNotFound) return undefined;
          throw error;
        }
      }).then((value) => (value === undefined ? undefined : credentialsOf(value, owner, accountId))),

    async putCredentials(owner, accountId, credentials) {
      await callAws('ssm', () =>
        client.send(
          new PutParameterCommand({
            Name: nameOf(owner, accountId),
            Value: JSON.stringify(credentials),
            Type: 'SecureString',
            Overwrite: true,
            ...(kmsKeyId === undefined ? {} : { KeyId: kmsKeyId }),
          }),
        ),
      );
    },
  };
}

function credentialsOf(value: string, owner: CredentialOwner, accountId: string) {
  try {
    return credentialsSchema.parse(JSON.parse(value));
  } catch {
    // Without `cause`: the JSON parser's message quotes the text, and the text is the secret.
    throw new UnexpectedAnswerError(
      'ssm',
      `the credentials of ${owner}/${accountId} are not a JSON object of strings`,
    );
  }
}
