import type * as z from 'zod';
import type { Role } from './roles.ts';

/**
 * One operation of the HTTP API: what may be asked by whom, and what is answered. Router, API Gateway's routes, OpenAPI
 * document and role matrix are all made from these.
 */
export interface Route<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** API Gateway's spelling: `/v1/orders/{marketplace}`. */
  readonly path: `/v1/${string}`;
  readonly tag: string;
  readonly summary: string;
  readonly roles: readonly Role[];
  readonly params: Params;
  readonly query: Query;
  /** JSON; undefined where nothing is sent. */
  readonly body?: Body;
  /** Where a body may be larger than a form that somebody filled in. */
  readonly bodyBytesMax?: number;
  readonly status: 200 | 201 | 202;
  readonly answer: Answer;
  /**
   * The change is made only on the version that the caller has seen: `If-Match` with its `ETag` is required. Without
   * one 428, with an old one 412.
   */
  readonly onVersion?: true;
  /** The answer carries the version as `ETag`. */
  readonly versioned?: true;
  /** Who is asked: the route belongs to the function that has their client. A marketplace's path names it. */
  readonly servedBy?:
    | 'amazon'
    | 'ebay'
    | 'manomano'
    | 'couriers'
    | 'remote-actions'
    | 'products'
    | 'receipts';
}

/** A POST may be repeated: its caller names it by an `Idempotency-Key`, and the same key gets the same answer for a day. */
export function needsIdempotencyKey({ method }: Pick<Route, 'method'>): boolean {
  return method === 'POST';
}

export function route<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(definition: Route<Params, Query, Body, Answer>): Route<Params, Query, Body, Answer> {
  return definition;
}
