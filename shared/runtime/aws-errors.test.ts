import { expect, test } from 'vitest';
import { RejectedError, ThrottledError, UnavailableError } from '../domain/errors.ts';
import { callAws } from './aws-errors.ts';

const failing = (fields: object) =>
  callAws('dynamodb', () => Promise.reject(Object.assign(new Error('PRIVATE item'), fields))).catch(
    (error: unknown) => error,
  );

test('what AWS names too fast is throttled, whichever side it blames', async () => {
  for (const name of ['ThrottlingException', 'ProvisionedThroughputExceededException']) {
    expect(await failing({ name, $fault: 'client' })).toBeInstanceOf(ThrottledError);
  }
});

test('what AWS blames on the caller is rejected, with its status', async () => {
  const error = await failing({
    name: 'ValidationException',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
  expect(error).toBeInstanceOf(RejectedError);
  expect(error).toMatchObject({ partner: 'dynamodb', status: 400, message: 'dynamodb: ValidationException' });
});

test('what AWS blames on itself, and what never reached it, is unavailable', async () => {
  expect(await failing({ name: 'InternalServerError', $fault: 'server' })).toBeInstanceOf(UnavailableError);
  expect(await failing({ name: 'TimeoutError' })).toBeInstanceOf(UnavailableError);
  expect(
    await callAws('sqs', () => Promise.reject('nonsense')).catch((error: unknown) => error),
  ).toBeInstanceOf(UnavailableError);
});

test('the service’s own words stay in the cause', async () => {
  const error = await failing({ name: 'ValidationException', $fault: 'client' });
  expect(String(error)).not.toContain('PRIVATE');
  expect(error).toHaveProperty('cause.message', 'PRIVATE item');
});

test('an answer passes through', async () => {
  expect(await callAws('sqs', async () => 1)).toBe(1);
});
