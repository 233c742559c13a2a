import type * as z from 'zod';

/**
 * The environment as the function's schema declares it.
 * @throws Error naming the variables that are missing or wrong, never their values.
 */
export function readEnv<Schema extends z.ZodType>(
  schema: Schema,
  env: NodeJS.ProcessEnv = process.env,
): z.output<Schema> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))];
  throw new Error(`missing or wrong in the environment: ${names.join(', ')}`);
}
