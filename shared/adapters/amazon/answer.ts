import type * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { RawAnswer } from './errors.ts';

/**
 * What an answer says, by our schema of it.
 * @throws UnexpectedAnswerError naming the fields that broke it, and quoting nothing
 */
export function parseAnswer<Schema extends z.ZodType>(
  operation: string,
  schema: Schema,
  answer: RawAnswer,
): z.infer<Schema> {
  let body: unknown;
  try {
    body = JSON.parse(answer.body);
  } catch {
    // Without the parser's own error: its message quotes the text.
    throw new UnexpectedAnswerError('amazon', `amazon ${operation}: the answer is not JSON`);
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswerError('amazon', `amazon ${operation}: ${problemOf(parsed.error.issues)}`);
}

/** Which fields broke which rule. Paths and rule names only: messages may quote what was there. */
export function problemOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly code: string }[],
): string {
  return issues.map(({ path, code }) => `${path.join('.') || '(whole)'}: ${code}`).join('; ');
}
