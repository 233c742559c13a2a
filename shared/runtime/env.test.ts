import { expect, test } from 'vitest';
import * as z from 'zod';
import { readEnv } from './env.ts';

const schema = z.object({ TABLE_NAME: z.string().min(3), QUEUE_URL: z.url() });

test('the environment is read as declared, and nothing else of it', () => {
  const env = { TABLE_NAME: 'orders', QUEUE_URL: 'https://queue.example/1', OTHER: 'x' };
  expect(readEnv(schema, env)).toEqual({ TABLE_NAME: 'orders', QUEUE_URL: 'https://queue.example/1' });
});

test('what is missing or wrong is named in one sentence, without its value', () => {
  expect(() => readEnv(schema, { QUEUE_URL: 'secret words' })).toThrow(
    /^missing or wrong in the environment: TABLE_NAME, QUEUE_URL$/,
  );
});
