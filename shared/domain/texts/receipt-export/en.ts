import type { ReceiptExportTexts } from './texts.ts';

export const en: ReceiptExportTexts = {
  sheets: { documents: 'Documents', totals: 'Control totals' },
  head: [
    'Date',
    'Number',
    'Kind',
    'State',
    'Channel',
    'Marketplace',
    'Order',
    'Destination country',
    'VAT rate %',
    'Nature',
    'Net',
    'VAT',
    'Total',
    'Currency',
    'Reverses document',
  ],
  totalsHead: ['Currency', 'VAT rate %', 'Nature', 'Documents', 'Net', 'VAT', 'Total'],
  allRates: 'all',
  kinds: {
    'courtesy-receipt': 'Courtesy receipt',
    'courtesy-reversal': 'Receipt reversal',
    'electronic-invoice': 'Electronic invoice',
    'credit-note': 'Credit note',
  },
  states: {
    requested: 'requested',
    numbered: 'numbered',
    processing: 'in progress',
    issued: 'issued',
    failed: 'not issued',
    void: 'void',
  },
};
