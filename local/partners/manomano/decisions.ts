import { z } from 'zod';
import { ManomanoRefusal } from './answers.ts';
import type { Contracts } from './contracts.ts';
import type { ManomanoOrder } from './schemas.ts';

const elementSchema = z.strictObject({
  order_reference: z.string().min(1),
  seller_contract_id: z.int().positive(),
});
const requestSchema = z.array(elementSchema).min(1).max(100);
type Element = z.infer<typeof elementSchema>;

const BECOMES = { accept: 'PREPARATION', refuse: 'REFUSED' } as const;

/**
 * Accepts and refuses new orders. Payment, in truth a status of its own after acceptance, is there at once.
 * Source: Partner API docs, "Accept orders" and "Refuse orders"; that a second acceptance is answered with 500 is what
 * integrations report.
 */
export class DecisionsApi {
  readonly #orders: { of(reference: string): ManomanoOrder | undefined; put(order: ManomanoOrder): void };
  readonly #contracts: Contracts;
  readonly #now: () => number;

  constructor(
    orders: { of(reference: string): ManomanoOrder | undefined; put(order: ManomanoOrder): void },
    contracts: Contracts,
    now: () => number,
  ) {
    this.#orders = orders;
    this.#contracts = contracts;
    this.#now = now;
  }

  /** 204 when all were taken; 207 when one was not while others were; of one alone, its own refusal. */
  decide(
    decision: keyof typeof BECOMES,
    body: string,
    alwaysMixed: boolean,
  ): { readonly status: 204 | 207; readonly body?: unknown } {
    const elements = parsed(body);
    const results = elements.map((element) => {
      try {
        this.#decide(decision, element);
        return { order_reference: element.order_reference, result: 'OK' };
      } catch (error) {
        if (!(error instanceof ManomanoRefusal)) throw error;
        return { order_reference: element.order_reference, result: 'KO', error };
      }
    });
    const [only] = results.flatMap(({ error }) => error ?? []);
    if (only === undefined) return { status: 204 };
    if (elements.length === 1 && !alwaysMixed) throw only;
    const content = results.map(({ error, ...result }) => ({
      ...result,
      ...(error === undefined ? {} : { error: { message: error.message } }),
    }));
    return { status: 207, body: { content } };
  }

  #decide(decision: keyof typeof BECOMES, { order_reference, seller_contract_id }: Element): void {
    const { contractId } = this.#contracts.readable(seller_contract_id);
    const order = this.#orders.of(order_reference);
    if (order === undefined || order.seller_contract_id !== contractId) {
      throw new ManomanoRefusal(400, 'Order not found');
    }
    if (order.status === BECOMES[decision]) throw new ManomanoRefusal(500, 'Internal server error');
    if (order.status !== 'PENDING') throw new ManomanoRefusal(400, 'Order is not pending');
    this.#orders.put({
      ...order,
      status: BECOMES[decision],
      status_updated_at: new Date(Math.floor(this.#now() / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    });
  }
}

function parsed(body: string): readonly Element[] {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new ManomanoRefusal(400, 'The body is not JSON');
  }
  const request = requestSchema.safeParse(json);
  if (!request.success) throw new ManomanoRefusal(400, z.prettifyError(request.error));
  return request.data;
}
