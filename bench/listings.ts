import type { EbayListing } from '../local/partners/ebay/listings.ts';
import { ebayListingWorld, MINUTE_MS } from '../tests/support/listing-world.ts';
import { aProduct } from '../tests/support/listings.ts';
import { partnerFetch } from '../tests/support/partner-fetch.ts';
import { atMost, type Figure, seen } from './figure.ts';

const LISTINGS = 10_000;
/** Of them, made through the Inventory API. */
const INVENTORY = 2_000;
/** eBay's largest page, of either API. */
const PAGE_SIZE = 200;

/**
 * A full look at 10,000 listings of eBay over its stand-in, which refuses larger pages than eBay's: calls counted against the
 * least that eBay's pages allow. Then the same again with nothing changed.
 */
export async function listings(progress: (step: string) => void): Promise<Figure[]> {
  const remote: EbayListing[] = Array.from({ length: LISTINGS }, (_, at) => ({
    itemId: String(110_000_000_000 + at),
    title: `Articolo inventato ${at}`,
    sku: `SKU-${at}`,
    priceCents: 1_000,
    quantity: 5,
    ...(at < INVENTORY ? { inventory: { offerId: String(500_000 + at) } } : {}),
  }));
  const { world, ebay, pull } = ebayListingWorld(remote);
  const network = globalThis.fetch;
  globalThis.fetch = partnerFetch(ebay);
  try {
    progress(`first look at ${LISTINGS} listings`);
    const first = await measured(pull);
    const least = Math.ceil(LISTINGS / PAGE_SIZE) + INVENTORY / PAGE_SIZE;
    progress('the same again, with nothing changed');
    await world.products.putMany([aProduct({ sku: 'SKU-1' })]);
    await world.match();
    const { writes } = world.listings;
    const jobs = world.queue.sent.length;
    world.nowMs += 5 * 60 * MINUTE_MS;
    const again = await measured(pull);
    return [
      seen('listings: first look at 10,000 listings', first.seconds, 's'),
      seen('listings: listings seen by it', first.seen, 'listings'),
      atMost('listings: calls of it, to the least possible', first.calls / least, '×', 1),
      atMost(
        'listings: calls of a look with nothing changed, to the least possible',
        again.calls / least,
        '×',
        1,
      ),
      atMost('listings: writes of listings by it', world.listings.writes - writes, 'writes', 0),
      atMost('listings: jobs asked for by it', world.queue.sent.length - jobs, 'jobs', 0),
    ];
  } finally {
    globalThis.fetch = network;
  }
}

async function measured(pull: ReturnType<typeof ebayListingWorld>['pull']) {
  const beganAt = performance.now();
  const { look } = await pull();
  if (look?.seen !== LISTINGS) throw new Error(`the look saw ${look?.seen} listings`);
  return { seconds: (performance.now() - beganAt) / 1000, calls: look.calls, seen: look.seen };
}
