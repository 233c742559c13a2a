import type { LanguageHeaders } from './columns.ts';

/** The two columns of 2025 have not been seen in Polish; the reader finds them by their place after the total. */
export const pl: LanguageHeaders = {
  dateTime: ['data/godzina'],
  settlementId: ['identyfikator rozliczenia'],
  type: ['typ'],
  orderId: ['identyfikator zamówienia'],
  sku: ['sku'],
  description: ['opis'],
  quantity: ['ilość'],
  marketplace: ['rynek'],
  fulfilment: ['realizacja'],
  city: ['miejscowość zamówienia'],
  region: ['stan zamówienia'],
  postcode: ['przekaz pocztowy'],
  productSales: ['sprzedaż produktów'],
  shippingCredits: ['noty kredytowe za wysyłkę'],
  giftWrapCredits: ['środki na pokrycie pakowania na prezent'],
  promotionalRebates: ['rabaty promocyjne'],
  salesTaxCollected: ['pobrany podatek od sprzedaży'],
  taxWithheld: ['podatek od transakcji marketplace facilitator'],
  sellingFees: ['opłaty za sprzedaż'],
  fbaFees: ['opłaty za fba'],
  otherTransactionFees: ['inne opłaty transakcyjne'],
  other: ['inne'],
  total: ['suma'],
  status: ['Status transakcji'],
};
