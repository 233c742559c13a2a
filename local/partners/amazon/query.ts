import { z } from 'zod';
import { invalidInput } from './answers.ts';

/** An instant of a query, in milliseconds. */
export const instantSchema = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
/** A list of a query: elements joined by commas. */
export const list = <Value extends string>(element: z.ZodType<Value, string>) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(element).min(1));

/** The query by its schema; an unknown parameter, or one given twice, is an error. */
export function parseQuery<Schema extends z.ZodType>(
  schema: Schema,
  query: URLSearchParams,
): z.infer<Schema> {
  for (const name of query.keys()) {
    if (query.getAll(name).length > 1) throw invalidInput(`${name} is given more than once`);
  }
  const parsed = schema.safeParse(Object.fromEntries(query));
  if (!parsed.success) {
    throw invalidInput(
      parsed.error.issues
        .map((issue) =>
          issue.code === 'unrecognized_keys'
            ? `unknown ${issue.keys.join(', ')}`
            : `${issue.path.join('.')}: ${issue.message}`,
        )
        .join('; '),
    );
  }
  return parsed.data;
}
