import * as z from 'zod';

/** What went wrong, by RFC 9457 ("Problem Details for HTTP APIs"); `application/problem+json`. Repeats nothing that was sent. */
export const problemSchema = z.object({
  /** `urn:markeplay:problem:<code>` */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** For programs; stays what it is. */
  code: z.string(),
  /** For people, in Italian. */
  detail: z.string(),
  detailEn: z.string(),
  /** The request's id: it finds the request in the log. */
  instance: z.string(),
  /** Which fields of the request broke which rule. */
  issues: z
    .array(
      z.object({
        where: z.enum(['path', 'query', 'header', 'body']),
        /** Dotted path; empty for the whole. */
        field: z.string(),
        rule: z.string(),
      }),
    )
    .optional(),
});
export type ProblemDocument = z.infer<typeof problemSchema>;

export const PROBLEM_TYPE = 'application/problem+json';
