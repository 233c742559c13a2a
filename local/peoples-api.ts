import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { LocalStack } from './main.ts';
import { signIn } from './sign-in.ts';
import { StartFailure } from './start-failure.ts';

/** @param version for what is changed only on the version that was seen */
export type PeoplesApi = <Answer extends z.ZodType>(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  answer: Answer,
  body?: unknown,
  version?: number,
) => Promise<z.output<Answer>>;

/** The HTTP API as somebody of a role uses it. */
export async function peoplesApi({ endpoints }: LocalStack, role: string): Promise<PeoplesApi> {
  const token = await signIn(endpoints.people, role);
  return async (method, path, answer, body, version) => {
    const response = await fetch(endpoints.api + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: unknown = await response.json();
    if (!response.ok) throw new StartFailure(`${method} ${path}: ${response.status} ${JSON.stringify(json)}`);
    return answer.parse(json);
  };
}
