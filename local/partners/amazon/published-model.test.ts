import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Customisations } from './customisations.ts';
import { DEMO_ACCOUNT, DEMO_SITES, demoCustomisations, demoOrders } from './demo-shop.ts';
import { OrdersApi } from './orders.ts';
import { INCLUDED_DATA } from './schemas.ts';

/** Amazon's published model, where it lies beside the repository. */
const MODEL = fileURLToPath(
  new URL('../../../../shared/reference/models/amazon/orders_2026-01-01.json', import.meta.url),
);

const modelSchema = z.looseObject({ definitions: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** Swagger 2 definitions as a JSON schema, closed: a property the model does not have is an error. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== 'object') return value;
  const copy = Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith('x-') && key !== 'example' && key !== 'format')
      .map(([key, element]) => [key, closed(element)]),
  );
  return copy.type === 'object' && 'properties' in copy ? { ...copy, additionalProperties: false } : copy;
}

describe.runIf(existsSync(MODEL))("against Amazon's published model", () => {
  let searchResponse: ValidateFunction;
  let getResponse: ValidateFunction;
  // Read when it runs: a suite that is left out is still described.
  beforeAll(() => {
    const { definitions } = modelSchema.parse(JSON.parse(readFileSync(MODEL, 'utf8')));
    const ajv = new Ajv({ allErrors: true, strict: false });
    ajv.addSchema({ $id: 'model', definitions: closed(definitions) });
    searchResponse = ajv.compile({ $ref: 'model#/definitions/SearchOrdersResponse' });
    getResponse = ajv.compile({ $ref: 'model#/definitions/GetOrderResponse' });
  });

  const now = Date.parse('2026-11-23T10:00:00Z');
  const api = new OrdersApi(
    demoOrders(now),
    new Customisations(demoCustomisations(now), () => now),
    () => now,
  );
  const rights = {
    sellerId: DEMO_ACCOUNT.sellerId,
    personalData: true,
    marketplaceIds: Object.values(DEMO_SITES).map(({ marketplaceId }) => marketplaceId),
  };
  const query = new URLSearchParams({
    lastUpdatedAfter: '2026-10-01T00:00:00Z',
    includedData: INCLUDED_DATA.join(','),
    maxResultsPerPage: '5',
  });

  it('every answer of the search is one the model allows, with and without personal data', () => {
    for (const personalData of [true, false]) {
      const answer = api.search(query, { ...rights, personalData });
      expect(answer.orders.length).toBeGreaterThan(0);
      searchResponse(answer);
      expect(searchResponse.errors).toBeNull();
    }
  });

  it('an order alone is one the model allows', () => {
    getResponse(api.get('300-0000007-0000007', new URLSearchParams(), rights));
    expect(getResponse.errors).toBeNull();
  });

  it('the check notices what the model does not have', () => {
    const answer = api.search(query, rights);
    expect(searchResponse({ ...answer, payload: {} })).toBe(false);
    expect(searchResponse({ orders: [{ orderId: '300-0000001-0000001' }] })).toBe(false);
  });
});
