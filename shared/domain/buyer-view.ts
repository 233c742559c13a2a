import type { Buyer, PostalAddress } from './buyer.ts';

export type BuyerView = ReturnType<typeof buyerView>;

/** The person behind an order as a page shows them: nothing missing is left out, nothing else is in it. */
export function buyerView(buyer: Buyer) {
  return {
    state: buyer.state,
    name: buyer.name ?? null,
    email: buyer.email ?? null,
    company: buyer.company ?? null,
    purchaseOrderNumber: buyer.purchaseOrderNumber ?? null,
    deliveryAddress: addressView(buyer.deliveryAddress),
    billingAddress: addressView(buyer.billingAddress),
    /** Where a person had the goods sent instead. */
    shipTo: addressView(buyer.shipTo),
    /** As the courier writes it, for the packing table to compare. */
    courierAddress: addressView(buyer.courierAddress),
    invoiceDestination: buyer.invoiceDestination ?? null,
    taxRegistrations: buyer.taxRegistrations.map(({ kind, number, legalName }) => ({
      kind,
      number,
      legalName: legalName ?? null,
    })),
    giftMessages: buyer.lines.flatMap(({ orderLineId, giftMessage }) =>
      giftMessage === undefined ? [] : [{ orderLineId, message: giftMessage }],
    ),
    expiresAt: buyer.expiresAt,
    deletedAt: buyer.deletedAt ?? null,
  };
}

function addressView(address: PostalAddress | undefined) {
  if (address === undefined) return null;
  return {
    name: address.name ?? null,
    company: address.company ?? null,
    lines: [...address.lines],
    city: address.city ?? null,
    district: address.district ?? null,
    region: address.region ?? null,
    postalCode: address.postalCode ?? null,
    countryCode: address.countryCode ?? null,
    phone: address.phone ?? null,
  };
}
