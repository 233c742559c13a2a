import type * as z from 'zod';
import type {
  CourierRouteId,
  MarketplaceRouteId,
  ProductRouteId,
  ReceiptRouteId,
  RemoteActionRouteId,
  ROUTES,
} from '../../events/http/routes.ts';
import type { Caller } from './caller.ts';

type Contracts = typeof ROUTES;
export type RouteId = keyof Contracts;

/** A checked request of one route. */
export interface Asked<Id extends RouteId> {
  readonly params: z.output<Contracts[Id]['params']>;
  readonly query: z.output<Contracts[Id]['query']>;
  readonly body: Contracts[Id] extends { readonly body?: infer Body extends z.ZodType }
    ? z.output<Body>
    : undefined;
  readonly caller: Caller;
  /** The version in `If-Match`; 0 where the route asks for none. */
  readonly version: number;
  readonly requestId: string;
  /** Names the request: its caller and the `Idempotency-Key`; empty where the route asks for none. */
  readonly requestKey: string;
  /** Milliseconds until the function is ended. */
  readonly remainingMs: () => number;
}

export interface Answered<Id extends RouteId> {
  readonly body: Unchanging<z.input<Contracts[Id]['answer']>>;
  /** Becomes the `ETag`. */
  readonly version?: number | undefined;
}

/** What each route does with a checked request: one use case, its result in the words of the contract. */
export type Implementations = {
  readonly [Id in RouteId]: (asked: Asked<Id>) => Promise<Answered<Id>>;
};

/** Those of the API's first function: all that ask neither a marketplace nor a courier. */
export type FirstImplementations = Omit<
  Implementations,
  MarketplaceRouteId | CourierRouteId | RemoteActionRouteId | ProductRouteId | ReceiptRouteId
>;

/** Those that ask a courier. */
export type CourierImplementations = Pick<Implementations, CourierRouteId>;

/** Those that have marketplaces act on their orders. */
export type RemoteActionImplementations = Pick<Implementations, RemoteActionRouteId>;

/** Those of remote products and the catalogue. */
export type ProductImplementations = Pick<Implementations, ProductRouteId>;

/** Everything about receipts. */
export type ReceiptImplementations = Pick<Implementations, ReceiptRouteId>;

/** The same, none of it to be changed: what domain and use cases hand out. */
type Unchanging<Value> = Value extends readonly (infer Element)[]
  ? readonly Unchanging<Element>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Unchanging<Value[Key]> }
    : Value;
