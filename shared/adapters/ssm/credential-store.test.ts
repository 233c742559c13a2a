import * as sdk from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { createCredentialStore } from './credential-store.ts';

const ssm = mockClient(sdk.SSMClient);
const store = createCredentialStore(
  async () => ({ sdk, client: new sdk.SSMClient({}) }),
  '/markeplay/demo/credentials',
  'alias/demo',
);
beforeEach(() => {
  ssm.reset();
});

test('credentials are one encrypted parameter per account, under the tenant’s key', async () => {
  ssm.on(sdk.PutParameterCommand).resolves({});
  await store.putCredentials('amazon', 'A1EXAMPLE', { clientId: 'c', refreshToken: 'r' });
  expect(ssm.commandCalls(sdk.PutParameterCommand)[0]?.args[0].input).toEqual({
    Name: '/markeplay/demo/credentials/amazon/A1EXAMPLE',
    Value: '{"clientId":"c","refreshToken":"r"}',
    Type: 'SecureString',
    Overwrite: true,
    KeyId: 'alias/demo',
  });
});

test('credentials are read decrypted', async () => {
  ssm
    .on(sdk.GetParameterCommand, {
      Name: '/markeplay/demo/credentials/amazon/A1EXAMPLE',
      WithDecryption: true,
    })
    .resolves({ Parameter: { Value: '{"clientId":"c"}' } });
  expect(await store.getCredentials('amazon', 'A1EXAMPLE')).toEqual({ clientId: 'c' });
});

test('an account without credentials has none', async () => {
  ssm.on(sdk.GetParameterCommand).rejects(new sdk.ParameterNotFound({ $metadata: {}, message: '' }));
  expect(await store.getCredentials('amazon', 'A1EXAMPLE')).toBeUndefined();
});

test('a parameter that is not ours is refused without being quoted', async () => {
  ssm.on(sdk.GetParameterCommand).resolves({ Parameter: { Value: 'top-secret' } });
  const failure = await store.getCredentials('amazon', 'A1EXAMPLE').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UnexpectedAnswerError);
  expect(String(failure)).not.toContain('top-secret');
  expect(failure).not.toHaveProperty('cause');
});

test('a Parameter Store that does not answer is unavailable', async () => {
  ssm.on(sdk.GetParameterCommand).rejects(new Error('socket hang up'));
  await expect(store.getCredentials('amazon', 'A1EXAMPLE')).rejects.toBeInstanceOf(UnavailableError);
});
