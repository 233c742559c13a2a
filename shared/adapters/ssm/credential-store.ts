import type { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { CredentialOwner, CredentialStore } from '../../ports/credentials.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { loadedLater } from '../../runtime/loaded-later.ts';

const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;

const credentialsSchema = z.record(z.string(), z.string());

/** The SDK's Parameter Store with a client of it, loaded with the first secret that is asked for. */
type SsmLater = () => Promise<{
  readonly sdk: typeof import('@aws-sdk/client-ssm');
  readonly client: SSMClient;
}>;

/** Region, credentials and endpoint come from the SDK's standard environment. */
export function createSsmClient(): SsmLater {
  return loadedLater(async () => {
    const sdk = await import('@aws-sdk/client-ssm');
    const client = new sdk.SSMClient({
      maxAttempts: 5,
      requestHandler: {
        connectionTimeout: CONNECTION_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      },
    });
    return { sdk, client };
  });
}

/**
 * One SecureString per account at `<prefix>/<marketplace or personal-data>/<accountId>`, a flat JSON object of strings.
 * @param kmsKeyId key to encrypt with when writing; the account's default key for Parameter Store otherwise
 */
export function createCredentialStore(ssm: SsmLater, prefix: string, kmsKeyId?: string): CredentialStore {
  const nameOf = (owner: CredentialOwner, accountId: string) => `${prefix}/${owner}/${accountId}`;
  return {
    getCredentials: (owner, accountId) =>
      callAws('ssm', async () => {
        const { sdk, client } = await ssm();
        try {
          const answer = await client.send(
            new sdk.GetParameterCommand({ Name: nameOf(owner, accountId), WithDecryption: true }),
          );
          return answer.Parameter?.Value;
        } catch (error) {
          if (error instanceof sdk.ParameterNotFound) return undefined;
          throw error;
        }
      }).then((value) => (value === undefined ? undefined : credentialsOf(value, owner, accountId))),

    async putCredentials(owner, accountId, credentials) {
      const { sdk, client } = await ssm();
      await callAws('ssm', () =>
        client.send(
          new sdk.PutParameterCommand({
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
