import type { Order } from './order.ts';

type Searchable = Pick<Order, 'marketplaceOrderId' | 'lines'>;

/** Everything of an order in which text is looked for, in lower case: its number, SKUs, product ids and titles. */
export function orderSearchText({ marketplaceOrderId, lines }: Searchable): string {
  const words = [
    marketplaceOrderId,
    ...lines.flatMap(({ sku, productId, title }) => [sku, productId, title]),
  ].filter((word) => word !== undefined);
  return [...new Set(words)].join('\n').toLowerCase();
}

/** How text to look for has to be spelled. */
export function searchedText(text: string): string {
  return text.trim().toLowerCase();
}

export function matchesText(order: Searchable, text: string): boolean {
  return orderSearchText(order).includes(searchedText(text));
}
