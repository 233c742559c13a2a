import { describe, expect, test } from 'vitest';
import { checkOrder } from '../../domain/order-check.ts';
import { remoteOrder } from './fixtures/order.ts';
import { mapOrder, mayHaveTaxNumber } from './order-mapper.ts';
import { type RemoteEbayOrder, remoteOrderSchema } from './schemas.ts';

type Remote = ReturnType<typeof remoteOrder>;

/** Through the schema, as in life. */
function mapped(change: (remote: Remote) => void = () => {}) {
  const remote = remoteOrder();
  change(remote);
  return mapOrder('demo', remoteOrderSchema.parse(remote));
}
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

describe('the money', () => {
  test('is what the buyer pays, not what is left of it after eBay’s fees', () => {
    const { order } = mapped();
    expect(order.total).toEqual(eur(25_661));
    expect(order.marketplaceFee).toEqual(eur(4_023));
    expect(checkOrder(order)).toEqual({ state: 'adds-up' });
    expect(JSON.stringify(order)).not.toContain('21638');
  });

  test('reads amounts with one decimal as tenths', () => {
    expect(mapped().order.lines[0]?.breakdown[0]).toEqual({ kind: 'item', amount: eur(12_220) });
  });

  test('of a line is its cost for all pieces, its discount and its net delivery, which make the line’s total', () => {
    const [first, second] = mapped().order.lines;
    expect(first).toMatchObject({
      total: eur(12_117),
      unitPrice: eur(3_055),
      breakdown: [
        { kind: 'item', amount: eur(12_220) },
        { kind: 'discount', amount: eur(-608) },
        { kind: 'shipping', amount: eur(505) },
      ],
    });
    // 142.60 in three pieces is no whole number of cents.
    expect(second?.unitPrice).toBeUndefined();
  });

  test('names what a line holds besides', () => {
    const { order } = mapped((remote) => {
      const [line] = remote.lineItems;
      if (line === undefined) throw new Error('no line');
      line.taxes = [{ amount: { value: '1.0', currency: 'EUR' } }];
      line.total = { value: '124.17', currency: 'EUR' };
    });
    expect(order.lines[0]?.breakdown.slice(3)).toEqual([
      { kind: 'tax', amount: eur(100) },
      { kind: 'other', amount: eur(200) },
    ]);
  });

  test.each([
    ['the lines do not hold', '251.61', [{ kind: 'adjustment', amount: eur(-500) }], 'adds-up'],
    ['the lines hold already', '256.61', undefined, 'adds-up'],
    ['explains nothing', '250.00', [{ kind: 'adjustment', amount: eur(-500) }], 'differs'],
  ])('of an adjustment that %s', (_, total, extras, state) => {
    const { order } = mapped((remote) => {
      remote.pricingSummary = {
        total: { value: total, currency: 'EUR' },
        adjustment: { value: '-5.0', currency: 'EUR' },
      };
    });
    expect(order.extras).toEqual(extras);
    expect(checkOrder(order).state).toBe(state);
  });

  test('that eBay collects and remits by itself is none of the seller’s', () => {
    const { order } = mapped((remote) => {
      remote.ebayCollectAndRemitTax = true;
      for (const line of remote.lineItems) {
        Object.assign(line, {
          ebayCollectAndRemitTaxes: [{ taxType: 'VAT', amount: { value: '9.9', currency: 'EUR' } }],
        });
      }
    });
    expect(order.total).toEqual(eur(25_661));
    expect(checkOrder(order)).toEqual({ state: 'adds-up' });
  });

  test('that does not add up is shown as such', () => {
    const { order } = mapped((remote) => {
      remote.pricingSummary = { total: { value: '256.60', currency: 'EUR' } };
    });
    expect(checkOrder(order)).toEqual({ state: 'differs', difference: eur(-1) });
  });

  test('with more decimals than the currency has is not guessed', () => {
    expect(() =>
      mapped((remote) => {
        remote.pricingSummary = { total: { value: '1.005', currency: 'EUR' } };
      }),
    ).toThrow(RangeError);
  });

  test('in another currency than the line’s total makes no breakdown', () => {
    const { order } = mapped((remote) => {
      const [line] = remote.lineItems;
      if (line === undefined) throw new Error('no line');
      line.deliveryCost = { shippingCost: { value: '5.05', currency: 'GBP' } };
    });
    expect(order.lines[0]?.breakdown).toEqual([]);
  });
});

describe('the status', () => {
  const words = (fulfillment: string, payment: string, cancel = 'NONE_REQUESTED') =>
    mapped((remote) => {
      remote.orderFulfillmentStatus = fulfillment;
      remote.orderPaymentStatus = payment;
      remote.cancelStatus = { cancelState: cancel, cancelRequests: [] };
    }).order;

  test.each([
    ['NOT_STARTED', 'PAID', 'NONE_REQUESTED', 'unshipped'],
    ['NOT_STARTED', 'PARTIALLY_REFUNDED', 'NONE_REQUESTED', 'unshipped'],
    ['NOT_STARTED', 'PENDING', 'NONE_REQUESTED', 'pending'],
    ['NOT_STARTED', 'FAILED', 'NONE_REQUESTED', 'pending'],
    ['NOT_STARTED', 'PAID', 'IN_PROGRESS', 'unshipped'],
    ['NOT_STARTED', 'PAID', 'CANCELED', 'cancelled'],
    ['NOT_STARTED', 'FULLY_REFUNDED', 'CANCELED', 'refunded'],
    ['IN_PROGRESS', 'PAID', 'NONE_REQUESTED', 'partly-shipped'],
    ['FULFILLED', 'PAID', 'NONE_REQUESTED', 'shipped'],
    ['FULFILLED', 'PENDING', 'NONE_REQUESTED', 'shipped'],
    ['FULFILLED', 'FULLY_REFUNDED', 'NONE_REQUESTED', 'refunded'],
    ['NOT_STARTED', 'A_NEW_WORD', 'NONE_REQUESTED', 'unknown'],
    ['NOT_STARTED', 'PAID', 'A_NEW_WORD', 'unknown'],
    ['A_NEW_WORD', 'PAID', 'NONE_REQUESTED', 'unknown'],
    ['FULFILLED', 'A_NEW_WORD', 'A_NEW_WORD', 'shipped'],
  ])('%s, %s, %s is %s', (fulfillment, payment, cancel, status) => {
    expect(words(fulfillment, payment, cancel)).toMatchObject({
      status,
      partnerStatus: `${fulfillment}/${payment}/${cancel}`,
    });
  });

  test('with words missing is unknown', () => {
    const { order } = mapped((remote) => {
      remote.orderFulfillmentStatus = null;
      delete remote.orderPaymentStatus;
      remote.cancelStatus = null;
    });
    expect(order).toMatchObject({ status: 'unknown', partnerStatus: '//' });
  });
});

describe('a buyer’s wish to cancel', () => {
  test.each([
    ['the list says it is in progress', 'IN_PROGRESS', [], true],
    ['the order has it as requested', 'NONE_REQUESTED', [{ cancelRequestState: 'REQUESTED' }], true],
    ['it was refused', 'NONE_REQUESTED', [{ cancelRequestState: 'REJECTED' }], false],
    ['there is none', 'NONE_REQUESTED', null, false],
  ])('when %s', (_, cancelState, cancelRequests, requested) => {
    const { order } = mapped((remote) => {
      remote.cancelStatus = { cancelState, cancelRequests };
    });
    expect(order.lines.map(({ cancellationRequested }) => cancellationRequested)).toEqual([
      requested,
      requested,
    ]);
  });
});

describe('the order', () => {
  test('belongs to the site where the seller listed it, not to the one it was bought through', () => {
    expect(mapped().order).toMatchObject({ siteId: 'EBAY_IT', siteName: 'eBay.it' });
  });

  test('of a site we know nothing of keeps its id; of none at all it cannot be placed', () => {
    const listedOn = (listing: string | null, purchase: string | null) =>
      mapped((remote) => {
        for (const line of remote.lineItems) {
          line.listingMarketplaceId = listing;
          line.purchaseMarketplaceId = purchase;
        }
      }).order;
    expect(listedOn('EBAY_US', 'EBAY_US')).toMatchObject({ siteId: 'EBAY_US', siteName: undefined });
    expect(listedOn(null, 'EBAY_FR')).toMatchObject({ siteId: 'EBAY_FR' });
    expect(() => listedOn(null, null)).toThrow(RangeError);
  });

  test('is to be shipped by the first day of any of its lines, and delivered in the widest window', () => {
    expect(mapped().order).toMatchObject({
      shipBy: { latest: '2026-11-21T22:59:59.000Z' },
      deliverBy: { earliest: '2026-11-22T23:00:00.000Z', latest: '2026-11-25T23:00:00.000Z' },
    });
  });

  test('has its times in one spelling', () => {
    const { order } = mapped((remote) => {
      remote.creationDate = '2026-11-20T09:06:35+01:00';
    });
    expect(order.purchasedAt).toBe('2026-11-20T08:06:35.000Z');
  });

  test('counts as fulfilled only the lines that are', () => {
    expect(mapped().order.lines.map(({ quantityFulfilled }) => quantityFulfilled)).toEqual([0, 3]);
  });

  test('that eBay itself ships is not ours to ship', () => {
    expect(mapped().order.fulfilledBy).toBe('merchant');
    const byProgram = mapped((remote) => {
      remote.program = { fulfillmentProgram: { fulfilledBy: 'EBAY' } };
    });
    expect(byProgram.order).toMatchObject({ fulfilledBy: 'marketplace', programs: ['fulfillmentProgram'] });
    const byInstruction = mapped((remote) => {
      const [instruction] = remote.fulfillmentStartInstructions ?? [];
      if (instruction) instruction.fulfillmentInstructionsType = 'FULFILLED_BY_EBAY';
    });
    expect(byInstruction.order.fulfilledBy).toBe('marketplace');
  });

  test('keeps a SKU that looks like a number, and one that is missing', () => {
    expect(mapped().order.lines.map(({ sku }) => sku)).toEqual(['1E5', undefined]);
  });

  test('holds nothing personal', () => {
    expect(JSON.stringify(mapped().order)).not.toMatch(
      /Inventato|Immaginaria|NVNCNT|members|Cittainventata|0000000000/,
    );
  });
});

describe('the buyer', () => {
  test('is who is registered, the parcel goes to who is named there, the tax number is the buyer’s', () => {
    expect(mapped().buyer).toEqual({
      orderId: 'ebay:11-11111-11111',
      state: 'present',
      name: 'Registrato Inventato',
      email: 'inventato@members.ebay.example',
      company: undefined,
      deliveryAddress: {
        name: 'Destinatario Inventato',
        company: 'Ditta Inventata',
        lines: ['Via Immaginaria 1', 'Scala B'],
        city: 'Cittainventata',
        district: undefined,
        region: 'XX',
        postalCode: '00000',
        countryCode: 'IT',
        phone: '0000000000',
      },
      billingAddress: expect.objectContaining({ name: 'Registrato Inventato', lines: ['Via Finta 9'] }),
      taxRegistrations: [{ kind: 'CODICE_FISCALE', number: 'NVNCNT00A00X000X' }],
      lines: [],
      updatedAt: '2026-11-20T09:41:52.000Z',
      // 27 days after the latest delivery.
      expiresAt: '2026-12-22T23:00:00.000Z',
    });
  });

  /** As eBay answers 90 days after the sale, and its older API before. */
  const faded = (remote: Remote): void => {
    remote.buyer = { taxAddress: { countryCode: 'IT' } };
    const [instruction] = remote.fulfillmentStartInstructions ?? [];
    if (!instruction) throw new Error('no instruction');
    instruction.shippingStep = {
      shipTo: {
        fullName: '',
        contactAddress: { city: 'Cittainventata', countryCode: 'IT' },
        primaryPhone: { phoneNumber: 'Invalid Request' },
        email: 'Invalid Request',
      },
    };
  };

  test('whom eBay no longer tells of leaves no half of an address that could replace a whole one', () => {
    const { buyer } = mapped(faded);
    expect(buyer).toMatchObject({ state: 'refused', taxRegistrations: [] });
    expect([buyer.name, buyer.email, buyer.deliveryAddress, buyer.billingAddress]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('of an unpaid order may still come', () => {
    const { buyer } = mapped((remote) => {
      faded(remote);
      remote.orderPaymentStatus = 'PENDING';
    });
    expect(buyer.state).toBe('waiting');
  });

  test('of a parcel that eBay forwards is not eBay’s company', () => {
    const { buyer } = mapped((remote) => {
      remote.buyer = {};
      const [instruction] = remote.fulfillmentStartInstructions ?? [];
      if (instruction) instruction.ebaySupportedFulfillment = true;
    });
    expect(buyer.name).toBeUndefined();
    expect(buyer.deliveryAddress?.name).toBe('Destinatario Inventato');
  });

  test('without a delivery date is kept for sixty days from the purchase', () => {
    const { buyer } = mapped((remote) => {
      remote.fulfillmentStartInstructions = [];
      for (const line of remote.lineItems) line.lineItemFulfillmentInstructions = null;
    });
    expect(buyer.expiresAt).toBe('2027-01-19T08:06:35.000Z');
  });

  test('keeps a gift message with its line', () => {
    const { buyer } = mapped((remote) => {
      const [line] = remote.lineItems;
      if (line) line.giftDetails = { message: 'Auguri inventati' };
    });
    expect(buyer.lines).toEqual([{ orderLineId: '1001', giftMessage: 'Auguri inventati' }]);
  });
});

describe('a tax number may stand with the single order', () => {
  const at = (site: string, country: string): RemoteEbayOrder => {
    const remote = remoteOrder();
    for (const line of remote.lineItems) {
      line.listingMarketplaceId = site;
      line.purchaseMarketplaceId = site;
    }
    remote.buyer = { taxAddress: { countryCode: country } };
    remote.fulfillmentStartInstructions = [];
    return remote;
  };

  test.each([
    ['EBAY_IT', 'DE', true],
    ['EBAY_ES', 'ES', true],
    ['EBAY_DE', 'IT', true],
    ['EBAY_DE', 'DE', false],
  ])('sold on %s to %s: %s', (site, country, expected) => {
    expect(mayHaveTaxNumber(at(site, country))).toBe(expected);
  });
});
