import { DEMO_ACCOUNT } from '../../local/partners/amazon/demo-shop.ts';
import type { AmazonStandIn } from '../../local/partners/amazon/stand-in.ts';
import { CONNECTION_DROPPED } from '../../local/partners/partner.ts';
import type { AmazonClient, AmazonRequest } from '../../shared/adapters/amazon/client.ts';
import { failureOf } from '../../shared/adapters/amazon/errors.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';

/** Where our operations go, by Amazon's models. */
export const AMAZON_ROUTES = {
  searchOrders: '/orders/2026-01-01/orders',
  getOrder: '/orders/2026-01-01/orders/{orderId}',
  getReports: '/reports/2021-06-30/reports',
  getReportDocument: '/reports/2021-06-30/documents/{reportDocumentId}',
  createReport: '/reports/2021-06-30/reports',
  getReport: '/reports/2021-06-30/reports/{reportId}',
  searchListingsItems: '/listings/2021-08-01/items/{sellerId}',
  patchListingsItem: '/listings/2021-08-01/items/{sellerId}/{sku}',
  getMarketplaceParticipations: '/sellers/v1/marketplaceParticipations',
  confirmShipment: '/orders/v0/orders/{orderId}/shipmentConfirmation',
  createFeedDocument: '/feeds/2021-06-30/documents',
  createFeed: '/feeds/2021-06-30/feeds',
  getFeed: '/feeds/2021-06-30/feeds/{feedId}',
  getFeeds: '/feeds/2021-06-30/feeds',
  getFeedDocument: '/feeds/2021-06-30/documents/{feedDocumentId}',
} as const satisfies Readonly<Record<AmazonRequest['operation'], string>>;

/** Our client with the stand-in for a network, signed in as the demonstration's seller before each call. */
export function standInClient(amazon: AmazonStandIn): AmazonClient {
  return {
    async call(request) {
      const token = tokenOf(amazon);
      let path: string = AMAZON_ROUTES[request.operation];
      for (const [name, value] of Object.entries(request.path ?? {})) {
        path = path.replace(`{${name}}`, encodeURIComponent(value));
      }
      const url = new URL(path, 'https://sellingpartnerapi-eu.amazon.com');
      for (const [name, value] of Object.entries(request.query ?? {})) {
        url.searchParams.set(name, [value].flat().join(','));
      }
      const answer = amazon.answer({
        method: request.body === undefined ? 'GET' : 'POST',
        url,
        headers: { 'x-amz-access-token': token },
        body: request.body === undefined ? '' : JSON.stringify(request.body),
      });
      if (answer === CONNECTION_DROPPED) throw new UnavailableError('amazon', 'no answer');
      const raw = { statusCode: answer.status, headers: answer.headers, body: answer.body };
      if (raw.statusCode >= 300) throw failureOf(raw, request);
      return raw;
    },
  };
}

function tokenOf(amazon: AmazonStandIn): string {
  const { clientId, clientSecret, refreshToken } = DEMO_ACCOUNT;
  const answer = amazon.answer({
    method: 'POST',
    url: new URL('https://api.amazon.com/auth/o2/token'),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    }).toString(),
  });
  if (answer === CONNECTION_DROPPED || answer.status !== 200) throw new Error('no token');
  return JSON.parse(answer.body).access_token;
}
