import { describe, expect, test } from 'vitest';
import { aListing } from '../../../tests/support/listings.ts';
import type { PlanLine } from '../../domain/listing-plan.ts';
import type { AmazonClient, AmazonRequest } from './client.ts';
import { createAmazonListingPusher } from './listing-pusher.ts';
import { batchesOfReport, createAmazonListingSource } from './listings.ts';

const SITE = 'APJ6JRA9NG5V4';
const site = { accountId: 'A1', channelId: 'amazon-it', siteIds: [SITE], currency: 'EUR', siteId: SITE };
const HEAD =
  'item-name\titem-description\tlisting-id\tseller-sku\tprice\tquantity\tproduct-id-type\tasin1\tproduct-id\tfulfillment-channel\tstatus';
const row = (...cells: string[]): string => cells.join('\t');
const noGate = async (): Promise<void> => {};

async function read(text: string | Buffer) {
  const all = { listings: [] as object[], unreadable: [] as string[] };
  async function* pieces() {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }
  for await (const batch of batchesOfReport(site, pieces())) {
    all.listings.push(...batch.listings);
    all.unreadable.push(...batch.unreadable);
  }
  return all;
}

/** Answers by operation; fails on what was not set up. */
function clientWith(answers: Readonly<Record<string, readonly object[]>>) {
  const asked: AmazonRequest[] = [];
  const left = new Map(Object.entries(answers).map(([name, each]) => [name, [...each]]));
  const client: AmazonClient = {
    async call(request) {
      asked.push(request);
      const next = left.get(request.operation)?.shift();
      if (next === undefined) throw new Error(`not set up: ${request.operation}`);
      return { statusCode: 200, headers: {}, body: JSON.stringify(next) };
    },
  };
  return { client: async () => client, asked };
}

describe('the report of all listings', () => {
  test('is read by the names of its columns, SKUs to the letter, in every status', async () => {
    const { listings, unreadable } = await read(
      [
        HEAD,
        row(
          'Lampada',
          '',
          'L1',
          '1E5',
          '19.90',
          '3',
          '4',
          'B0DEMO0001',
          '4006381333931',
          'DEFAULT',
          'Active',
        ),
        row('Tazza', '', 'L2', '00123', '5', '', '1', 'B0DEMO0002', 'B0DEMO0002', 'AMAZON_EU', 'Inactive'),
        row('Bozza', '', 'L3', 'X', '', '', '', '', '', 'DEFAULT', 'Incomplete'),
      ].join('\r\n'),
    );
    expect(unreadable).toEqual([]);
    expect(listings).toMatchObject([
      {
        listingKey: `${SITE}/1E5`,
        sku: '1E5',
        ean: '4006381333931',
        price: { amountMinor: 1_990, currency: 'EUR' },
        quantity: 3,
        status: 'active',
        link: 'https://www.amazon.it/dp/B0DEMO0001',
      },
      { sku: '00123', ean: undefined, quantity: undefined, fulfilledBy: 'marketplace', status: 'inactive' },
      { sku: 'X', price: undefined, status: 'incomplete', remoteId: undefined },
    ]);
  });

  test('in Windows-1252 keeps its accents', async () => {
    const text = `${HEAD}\n${row('Caff\u00e8', '', 'L', 'C', '1.00', '1', '', '', '', 'DEFAULT', 'Active')}\n`;
    const { listings } = await read(Buffer.from(text, 'latin1'));
    expect(listings).toMatchObject([{ title: 'Caffè' }]);
  });

  test('costs a row that is broken, and not the others', async () => {
    const { listings, unreadable } = await read(
      [
        HEAD,
        row('A', '', 'L', '', '1.00', '1', '', '', '', 'DEFAULT', 'Active'),
        row('B', '', 'L', 'B', '1.2.3', '1', '', '', '', 'DEFAULT', 'Active'),
        row('C', '', 'L', 'C', '1.00', 'many', '', '', '', 'DEFAULT', 'Active'),
        row('D', '', 'L', 'D', '1.00', '1', '', '', '', 'DEFAULT', 'Active'),
      ].join('\n'),
    );
    expect(listings).toMatchObject([{ sku: 'D' }]);
    expect(unreadable).toEqual(['seller-sku: missing', 'price: malformed', 'quantity: malformed']);
  });

  test('without a column that it needs, or without anything, is not believed', async () => {
    await expect(read('nome\tprezzo\n')).rejects.toThrow('no column seller-sku, price, quantity, status');
    await expect(read('')).rejects.toThrow('it is empty');
  });

  test('is asked for once, waited for, and one that failed is told', async () => {
    const { client, asked } = clientWith({
      createReport: [{ reportId: 'R1' }],
      getReport: [
        { processingStatus: 'IN_PROGRESS' },
        { processingStatus: 'CANCELLED' },
        { processingStatus: 'FATAL' },
      ],
    });
    const source = createAmazonListingSource(client);
    const first = await source.read(site, undefined, noGate);
    expect(first).toEqual({ state: 'preparing', preparing: JSON.stringify({ [SITE]: 'R1' }) });
    const waitedFor = JSON.stringify({ [SITE]: 'R1' });
    expect(await source.read(site, waitedFor, noGate)).toEqual(first);
    expect((await source.read(site, waitedFor, noGate)).state).toBe('ready');
    await expect(source.read(site, waitedFor, noGate)).rejects.toThrow('ended FATAL');
    expect(asked[0]?.body).toEqual({ reportType: 'GET_MERCHANT_LISTINGS_ALL_DATA', marketplaceIds: [SITE] });
  });
});

describe('a change', () => {
  const line = (sku: string): PlanLine => ({
    listingKey: `${SITE}/${sku}`,
    listing: { ...aListing(), siteId: SITE, sku },
    productSku: sku,
    from: { quantity: 1 },
    to: { price: { amountMinor: 1_090, currency: 'EUR' }, quantity: 4 },
    state: 'sending',
    attempts: 1,
  });

  test('is told of one listing a call, and is accepted or refused by itself', async () => {
    const { client, asked } = clientWith({
      patchListingsItem: [
        { sku: '1E5', status: 'ACCEPTED', submissionId: 's1' },
        { sku: 'B', status: 'INVALID', submissionId: 's2', issues: [{ code: '90220', severity: 'ERROR' }] },
      ],
    });
    expect(await createAmazonListingPusher(client).push('A1', [line('1E5'), line('B')], noGate)).toEqual([
      { listingKey: `${SITE}/1E5`, outcome: 'accepted' },
      { listingKey: `${SITE}/B`, outcome: 'refused', code: '90220' },
    ]);
    expect(asked[0]).toMatchObject({
      path: { sellerId: 'A1', sku: '1E5' },
      query: { marketplaceIds: [SITE] },
      body: {
        patches: [
          {
            path: '/attributes/purchasable_offer',
            value: [{ currency: 'EUR', our_price: [{ schedule: [{ value_with_tax: 10.9 }] }] }],
          },
          { path: '/attributes/fulfillment_availability', value: [{ quantity: 4 }] },
        ],
      },
    });
  });

  test('is looked for at the listing itself', async () => {
    const price = { currencyCode: 'EUR', amount: '10.90' };
    const { client } = clientWith({
      searchListingsItems: [
        {
          numberOfResults: 1,
          items: [
            {
              sku: '1E5',
              offers: [
                { marketplaceId: SITE, offerType: 'B2B', price: { ...price, amount: '9.00' } },
                { marketplaceId: SITE, offerType: 'B2C', price },
              ],
              fulfillmentAvailability: [{ fulfillmentChannelCode: 'DEFAULT', quantity: 4 }],
            },
          ],
        },
      ],
    });
    const shown = await createAmazonListingPusher(client).show('A1', [line('1E5'), line('GONE')], noGate);
    expect(shown.get(`${SITE}/1E5`)).toEqual({ price: { amountMinor: 1_090, currency: 'EUR' }, quantity: 4 });
    expect(shown.get(`${SITE}/GONE`)).toBeUndefined();
  });
});
