import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { EbayRefusal } from './answers.ts';

/** One listing at eBay; SKU and variations as the seller made them. */
export interface EbayListing {
  readonly itemId: string;
  readonly title: string;
  readonly sku?: string | undefined;
  readonly priceCents: number;
  readonly quantity: number;
  /** Made through the Inventory API, which knows its EAN. */
  readonly inventory?: { readonly offerId: string; readonly ean?: string | undefined } | undefined;
  readonly variations?: readonly {
    readonly sku: string;
    readonly priceCents: number;
    readonly quantity: number;
  }[];
}

/** Trading API docs, ReviseInventoryStatus. */
const REVISED_MAX = 4;
const PAGE_SIZE_MAX = 200;
/** Trading API errors: the item is not there; not through this API; more items than one call takes; not a price. */
const NOT_FOUND = '17';
const OTHER_MODEL = '21919474';
const TOO_MANY = '21916884';
const BAD_INPUT = '37';

const reader = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => name === 'InventoryStatus',
});
const writer = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', textNodeName: '#text' });

const count = (max: number) => z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(max));
const listSchema = z.strictObject({
  ActiveList: z.strictObject({
    Include: z.literal('true'),
    Pagination: z.strictObject({ EntriesPerPage: count(PAGE_SIZE_MAX), PageNumber: count(10_000) }),
  }),
  DetailLevel: z.literal('ReturnAll'),
});
const itemSchema = z.strictObject({ ItemID: z.string(), DetailLevel: z.literal('ReturnAll') });
const reviseSchema = z.strictObject({
  InventoryStatus: z.array(
    z.strictObject({
      ItemID: z.string(),
      SKU: z.string().optional(),
      StartPrice: z
        .strictObject({ '#text': z.string().regex(/^\d+\.\d\d$/), '@currencyID': z.literal('EUR') })
        .optional(),
      Quantity: z.string().regex(/^\d+$/).optional(),
    }),
  ),
});
const updateSchema = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        sku: z.string(),
        shipToLocationAvailability: z.strictObject({ quantity: z.int().min(0) }).optional(),
        offers: z.array(
          z.strictObject({
            offerId: z.string(),
            availableQuantity: z.int().min(0).optional(),
            price: z
              .strictObject({ value: z.string().regex(/^\d+\.\d\d$/), currency: z.literal('EUR') })
              .optional(),
          }),
        ),
      }),
    )
    .length(1),
});

class TradingRefusal extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The listings of a seller through both of eBay's doors: the Trading API, which sees all, and the Inventory API. */
export class ListingsApi {
  readonly #listings: Map<string, EbayListing>;
  /** Items of which every change is refused. */
  readonly #refused = new Set<string>();

  constructor(listings: readonly EbayListing[]) {
    this.#listings = new Map(listings.map((listing) => [listing.itemId, listing]));
  }

  get(itemId: string): EbayListing | undefined {
    return this.#listings.get(itemId);
  }

  put(listing: EbayListing): void {
    this.#listings.set(listing.itemId, listing);
  }

  end(itemId: string): void {
    this.#listings.delete(itemId);
  }

  refuseChanges(itemId: string): void {
    this.#refused.add(itemId);
  }

  /** An answer of the Trading API: with status 200, whatever it says. */
  trading(call: string, body: string): { readonly xml: string } {
    try {
      const read: unknown = reader.parse(body, true);
      const request = z.record(z.string(), z.unknown()).parse(Reflect.get(Object(read), `${call}Request`));
      const { '@xmlns': xmlns, ...fields } = request;
      if (xmlns !== 'urn:ebay:apis:eBLBaseComponents') throw new TradingRefusal(BAD_INPUT);
      return { xml: answerOf(call, 'Success', this.#carryOut(call, fields)) };
    } catch (error) {
      if (error instanceof z.ZodError) return { xml: failure(call, BAD_INPUT) };
      if (error instanceof TradingRefusal) return { xml: failure(call, error.code) };
      throw error;
    }
  }

  inventoryItems(query: URLSearchParams): object {
    const { limit, offset } = z
      .strictObject({ limit: count(PAGE_SIZE_MAX), offset: z.string().regex(/^\d+$/).transform(Number) })
      .parse(Object.fromEntries(query));
    const own = [...this.#listings.values()].filter(({ inventory }) => inventory !== undefined);
    return {
      total: own.length,
      size: limit,
      limit,
      inventoryItems: own
        .slice(offset * limit, (offset + 1) * limit)
        .map(({ sku, title, quantity, inventory }) => ({
          sku,
          product: { title, ean: inventory?.ean === undefined ? [] : [inventory.ean] },
          availability: { shipToLocationAvailability: { quantity } },
        })),
    };
  }

  offers(query: URLSearchParams): object {
    const sku = query.get('sku');
    const own = [...this.#listings.values()].filter(
      (each) => each.inventory !== undefined && each.sku === sku,
    );
    if (own.length === 0)
      throw new EbayRefusal(404, 25_713, 'This Offer is not available', { domain: 'API_INVENTORY' });
    return {
      total: own.length,
      offers: own.map(({ itemId, inventory }) => ({
        offerId: inventory?.offerId,
        sku,
        listing: { listingId: itemId },
      })),
    };
  }

  update(body: string): { readonly responses: readonly object[] } {
    const { requests } = updateSchema.parse(JSON.parse(body));
    const responses = requests.flatMap(({ sku, shipToLocationAvailability, offers }) =>
      offers.map(({ offerId, price }) => {
        const listing = [...this.#listings.values()].find(({ inventory }) => inventory?.offerId === offerId);
        if (listing === undefined || listing.sku !== sku || this.#refused.has(listing.itemId)) {
          return { statusCode: 400, sku, offerId, errors: [{ errorId: 25_002, message: 'refused' }] };
        }
        this.put({
          ...listing,
          quantity: shipToLocationAvailability?.quantity ?? listing.quantity,
          priceCents: price === undefined ? listing.priceCents : centsOf(price.value),
        });
        return { statusCode: 200, sku, offerId };
      }),
    );
    return { responses };
  }

  #carryOut(call: string, fields: object): object {
    switch (call) {
      case 'GetMyeBaySelling':
        return this.#list(listSchema.parse(fields));
      case 'GetItem': {
        const listing = this.#listings.get(itemSchema.parse(fields).ItemID);
        if (listing === undefined) throw new TradingRefusal(NOT_FOUND);
        return { Item: shown(listing) };
      }
      case 'ReviseInventoryStatus':
        return this.#revise(reviseSchema.parse(fields));
      default:
        throw new TradingRefusal('2');
    }
  }

  #list({ ActiveList: { Pagination } }: z.infer<typeof listSchema>): object {
    const { EntriesPerPage, PageNumber } = Pagination;
    const all = [...this.#listings.values()];
    const page = all.slice((PageNumber - 1) * EntriesPerPage, PageNumber * EntriesPerPage);
    return {
      ActiveList: {
        ...(page.length === 0 ? {} : { ItemArray: { Item: page.map(shown) } }),
        PaginationResult: {
          TotalNumberOfPages: Math.ceil(all.length / EntriesPerPage),
          TotalNumberOfEntries: all.length,
        },
      },
    };
  }

  /** All or nothing, as far as refusals go. */
  #revise({ InventoryStatus }: z.infer<typeof reviseSchema>): object {
    if (InventoryStatus.length > REVISED_MAX) throw new TradingRefusal(TOO_MANY);
    const revised = InventoryStatus.map(({ ItemID, SKU, StartPrice, Quantity }): EbayListing => {
      const listing = this.#listings.get(ItemID);
      if (listing === undefined) throw new TradingRefusal(NOT_FOUND);
      if (listing.inventory !== undefined) throw new TradingRefusal(OTHER_MODEL);
      if (this.#refused.has(ItemID)) throw new TradingRefusal(BAD_INPUT);
      const changes = {
        ...(StartPrice === undefined ? {} : { priceCents: centsOf(StartPrice['#text']) }),
        ...(Quantity === undefined ? {} : { quantity: Number(Quantity) }),
      };
      if (listing.variations === undefined) return { ...listing, ...changes };
      if (!listing.variations.some(({ sku }) => sku === SKU)) throw new TradingRefusal(NOT_FOUND);
      return {
        ...listing,
        variations: listing.variations.map((each) => (each.sku === SKU ? { ...each, ...changes } : each)),
      };
    });
    for (const listing of revised) this.put(listing);
    return {
      InventoryStatus: InventoryStatus.map(({ ItemID, SKU }) => ({ ItemID, ...(SKU ? { SKU } : {}) })),
    };
  }
}

function shown({ itemId, title, sku, priceCents, quantity, variations }: EbayListing): object {
  return {
    ItemID: itemId,
    Title: title,
    ...(sku === undefined ? {} : { SKU: sku }),
    ListingType: 'FixedPriceItem',
    Quantity: quantity,
    QuantityAvailable: quantity,
    SellingStatus: { CurrentPrice: euro(priceCents), QuantitySold: 0 },
    ListingDetails: { ViewItemURL: `https://www.ebay.it/itm/${itemId}` },
    PictureDetails: { GalleryURL: `https://i.ebayimg.example/${itemId}.jpg` },
    ...(variations === undefined
      ? {}
      : {
          Variations: {
            Variation: variations.map((each) => ({
              SKU: each.sku,
              StartPrice: euro(each.priceCents),
              Quantity: each.quantity,
              SellingStatus: { QuantitySold: 0 },
            })),
          },
        }),
  };
}

function euro(cents: number): object {
  return {
    '#text': `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
    '@currencyID': 'EUR',
  };
}

function centsOf(amount: string): number {
  return Number(amount.replace('.', ''));
}

function answerOf(call: string, ack: string, fields: object): string {
  const answer = {
    [`${call}Response`]: { '@xmlns': 'urn:ebay:apis:eBLBaseComponents', Ack: ack, ...fields },
  };
  return `<?xml version="1.0" encoding="UTF-8"?>${writer.build(answer)}`;
}

function failure(call: string, code: string): string {
  return answerOf(call, 'Failure', {
    Errors: {
      ShortMessage: 'refused',
      ErrorCode: code,
      SeverityCode: 'Error',
      ErrorClassification: 'RequestError',
    },
  });
}
