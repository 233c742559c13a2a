import type { Component } from '../../../../domain/statement.ts';

/** Columns that say what a row is and where it belongs. */
type RowColumn =
  | 'dateTime'
  | 'settlementId'
  | 'type'
  | 'orderId'
  | 'sku'
  | 'description'
  | 'quantity'
  | 'marketplace'
  | 'accountType'
  | 'fulfilment'
  | 'city'
  | 'region'
  | 'postcode'
  | 'taxModel'
  | 'total'
  | 'status'
  | 'releaseDate';

/** Columns that hold a part of the row's total, and what that part is on a row of an order. */
export const MONEY_COLUMNS = {
  productSales: 'price',
  productSalesTax: 'tax',
  shippingCredits: 'price',
  shippingCreditsTax: 'tax',
  giftWrapCredits: 'price',
  giftWrapCreditsTax: 'tax',
  regulatoryFee: 'tax',
  regulatoryFeeTax: 'tax',
  promotionalRebates: 'discount',
  promotionalRebatesTax: 'discount',
  salesTaxCollected: 'tax',
  taxWithheld: 'taxWithheld',
  sellingFees: 'commission',
  fbaFees: 'fba',
  otherTransactionFees: 'other',
  other: 'orderCost',
} as const satisfies Record<string, Component>;
export type MoneyColumn = keyof typeof MONEY_COLUMNS;

export type Column = RowColumn | MoneyColumn;

/** The spellings of one language's headers, as Amazon prints them; compared after {@link normaliseHeader}. */
export type LanguageHeaders = Readonly<Partial<Record<Column, readonly string[]>>>;

export function isMoneyColumn(column: Column): column is MoneyColumn {
  return Object.hasOwn(MONEY_COLUMNS, column);
}
