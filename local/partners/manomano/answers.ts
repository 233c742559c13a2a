import { z } from 'zod';
import type { PartnerAnswer } from '../partner.ts';

/** ManoMano's answers of failure: `{"error":{"message"}}`. */
export class ManomanoRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function jsonAnswer(
  operation: string,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): PartnerAnswer {
  return {
    operation,
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

export function refusalAnswer(operation: string, { status, message }: ManomanoRefusal): PartnerAnswer {
  return jsonAnswer(operation, status, { error: { message } });
}

/** Cloudflare's, from before the API: it says in the header, in the body, or in both how long to wait. */
export function rateLimited(
  operation: string,
  retryAfterSeconds: number,
  where: 'header' | 'body' | 'both',
): PartnerAnswer {
  const body =
    where === 'header'
      ? { message: 'Too many requests' }
      : { error_code: 1015, error_name: 'rate_limited', retry_after: retryAfterSeconds };
  const headers: Record<string, string> =
    where === 'body' ? {} : { 'retry-after': String(retryAfterSeconds) };
  return jsonAnswer(operation, 429, body, headers);
}

/** The parameters by a strict schema: an unknown or a doubled one is an error, which the real API may overlook. */
export function parseQuery<Output>(schema: z.ZodType<Output>, query: URLSearchParams): Output {
  const names = [...query.keys()];
  const doubled = names.find((name, at) => names.indexOf(name) !== at);
  if (doubled !== undefined) throw new ManomanoRefusal(400, `Parameter ${doubled} is given twice`);
  const parsed = schema.safeParse(Object.fromEntries(query));
  if (!parsed.success) throw new ManomanoRefusal(400, z.prettifyError(parsed.error));
  return parsed.data;
}

/** A number in a query, within its limits. */
export const countSchema = (max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(max));

/** What stands around a page, with links that are paths and carry every parameter. */
export function paged<Item>(
  found: readonly Item[],
  { page, limit }: { readonly page: number; readonly limit: number },
  url: URL,
): { readonly content: readonly Item[]; readonly pagination: object } {
  const pages = Math.max(1, Math.ceil(found.length / limit));
  const link = (to: number | string): string => {
    const query = new URLSearchParams(url.searchParams);
    query.delete('page');
    return `${url.pathname}?${query}&page=${to}`;
  };
  return {
    content: found.slice((page - 1) * limit, page * limit),
    pagination: {
      items: found.length,
      limit,
      page,
      pages,
      links: {
        first: link(1),
        goto: link('{page}'),
        last: link(pages),
        next: page < pages ? link(page + 1) : null,
        previous: page > 1 ? link(page - 1) : null,
      },
    },
  };
}
