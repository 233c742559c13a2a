import type { ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { AMAZON_MODELS_THERE, publishedModel } from '../../../tests/support/amazon-models.ts';
import { Customisations } from './customisations.ts';
import { demoFoundSettlement } from './demo-settlement.ts';
import { DEMO_ACCOUNT, DEMO_SITES, demoCustomisations, demoOrders } from './demo-shop.ts';
import { FeedsApi } from './feeds.ts';
import { OrdersApi } from './orders.ts';
import { ReportsApi } from './reports.ts';
import { INCLUDED_DATA } from './schemas.ts';
import { participations } from './sellers.ts';

const now = Date.parse('2026-11-23T10:00:00Z');
const marketplaceIds = Object.values(DEMO_SITES).map(({ marketplaceId }) => marketplaceId);

/** Read when a test runs: a suite that is left out is still described. */
function checked(file: string, definition: string, answer: object): ValidateFunction['errors'] {
  const check = publishedModel(file).answer(definition);
  check(answer);
  return check.errors;
}

describe.runIf(AMAZON_MODELS_THERE)("against Amazon's published orders model", () => {
  const ORDERS = 'orders_2026-01-01.json';
  const customisations = new Customisations(demoCustomisations(now), () => now);
  const api = new OrdersApi(demoOrders(now), customisations, () => now);
  const rights = { sellerId: DEMO_ACCOUNT.sellerId, personalData: true, marketplaceIds };
  const query = new URLSearchParams({
    lastUpdatedAfter: '2026-10-01T00:00:00Z',
    includedData: INCLUDED_DATA.join(','),
    maxResultsPerPage: '5',
  });

  it('every answer of the search is one the model allows, with and without personal data', () => {
    for (const personalData of [true, false]) {
      const answer = api.search(query, { ...rights, personalData });
      expect(answer.orders.length).toBeGreaterThan(0);
      expect(checked(ORDERS, 'SearchOrdersResponse', answer)).toBeNull();
    }
  });

  it('an order alone is one the model allows', () => {
    const answer = api.get('300-0000007-0000007', new URLSearchParams(), rights);
    expect(checked(ORDERS, 'GetOrderResponse', answer)).toBeNull();
  });

  it('the check notices what the model does not have', () => {
    const answer = api.search(query, rights);
    expect(checked(ORDERS, 'SearchOrdersResponse', { ...answer, payload: {} })).toHaveLength(1);
    const bare = { orders: [{ orderId: '300-0000001-0000001' }] };
    expect(checked(ORDERS, 'SearchOrdersResponse', bare)).not.toBeNull();
  });
});

describe.runIf(AMAZON_MODELS_THERE)("against Amazon's published models of reports and sellers", () => {
  const REPORTS = 'reports_2021-06-30.json';

  it('reports, their pages and documents are those the model allows', () => {
    const settlement = demoFoundSettlement(now);
    const api = new ReportsApi(
      [
        settlement,
        { ...settlement, reportId: '2', doneMs: now + 1 },
        { ...settlement, reportId: '3', ends: 'FATAL' },
      ],
      () => now,
    );
    const page = api.list(new URLSearchParams({ reportTypes: settlement.reportType, pageSize: '2' }));
    expect(page).toMatchObject({ reports: [{}, {}], nextToken: expect.any(String) });
    expect(checked(REPORTS, 'GetReportsResponse', page)).toBeNull();
    const [done] = page.reports;
    const document = api.document(done?.reportDocumentId ?? '', new URLSearchParams());
    expect(checked(REPORTS, 'ReportDocument', document)).toBeNull();
  });

  it('participations are those the model allows', () => {
    const answer = participations(new URLSearchParams(), marketplaceIds, 'Negozio');
    expect(checked('sellers.json', 'GetMarketplaceParticipationsResponse', answer)).toBeNull();
  });
});

describe.runIf(AMAZON_MODELS_THERE)("against Amazon's published model of feeds", () => {
  const FEEDS = 'feeds_2021-06-30.json';

  it('documents, feeds and their lists are those the model allows', () => {
    let nowMs = now;
    const api = new FeedsApi(new Map(), () => nowMs);
    const contentType = 'text/tab-separated-values; charset=UTF-8';
    const document = api.createDocument(JSON.stringify({ contentType }));
    expect(checked(FEEDS, 'CreateFeedDocumentResponse', document)).toBeNull();
    const { feedDocumentId, url } = document as { feedDocumentId: string; url: string };
    api.answerHost({
      method: 'PUT',
      url: new URL(url),
      headers: { 'content-type': contentType },
      body: 'a\r\n',
    });
    const feedType = 'POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA';
    const request = { feedType, marketplaceIds, inputFeedDocumentId: feedDocumentId };
    const created = api.create(JSON.stringify(request), marketplaceIds, false);
    expect(checked(FEEDS, 'CreateFeedResponse', created)).toBeNull();
    const { feedId } = created as { feedId: string };
    expect(checked(FEEDS, 'Feed', api.get(feedId))).toBeNull();
    nowMs += 60_000;
    expect(api.get(feedId)).toMatchObject({ processingStatus: 'DONE' });
    const listed = api.list(new URLSearchParams({ feedTypes: feedType, pageSize: '100' }));
    expect(checked(FEEDS, 'GetFeedsResponse', listed)).toBeNull();
    expect(checked(FEEDS, 'FeedDocument', api.document(`result-${feedId}`))).toBeNull();
  });
});
