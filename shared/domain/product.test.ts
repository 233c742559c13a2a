import { expect, test } from 'vitest';
import { checkedProduct, isSku, type WrittenProduct } from './product.ts';

const WRITTEN: WrittenProduct = {
  sku: '00123',
  ean: '4006381333931',
  title: ' Lampada ',
  price: { amountMinor: 1_990, currency: 'EUR' },
  vatRateBp: 2_200,
  quantity: 3,
  imageUrls: ['https://images.example/1.jpg'],
};

test('a product is taken as it is written, its SKU to the letter', () => {
  expect(checkedProduct(WRITTEN)).toEqual({ ...WRITTEN, title: 'Lampada' });
  expect(checkedProduct({ ...WRITTEN, sku: '1E5', ean: '' })).toMatchObject({ sku: '1E5', ean: undefined });
});

test.each([
  [{ sku: '' }, 'sku-malformed'],
  [{ sku: ' A' }, 'sku-malformed'],
  [{ sku: 'A\u200B' }, 'sku-malformed'],
  [{ sku: 'A'.repeat(81) }, 'sku-malformed'],
  [{ ean: '4006381333930' }, 'ean-malformed'],
  [{ ean: '4.00638E+12' }, 'ean-malformed'],
  [{ title: ' ' }, 'title-malformed'],
  [{ price: undefined }, 'price-malformed'],
  [{ price: { amountMinor: 0, currency: 'EUR' } }, 'price-malformed'],
  [{ price: { amountMinor: -1, currency: 'EUR' } }, 'price-malformed'],
  [{ price: { amountMinor: 1, currency: 'euro' } }, 'currency-malformed'],
  [{ vatRateBp: undefined }, 'vat-rate-malformed'],
  [{ vatRateBp: 10_001 }, 'vat-rate-malformed'],
  [{ quantity: -1 }, 'quantity-malformed'],
  [{ quantity: 1.5 }, 'quantity-malformed'],
  [{ imageUrls: ['http://images.example/1.jpg'] }, 'image-malformed'],
] as const)('%j is refused as %s', (changes, fault) => {
  expect(checkedProduct({ ...WRITTEN, ...changes })).toEqual([fault]);
});

test('everything that is wrong is named at once', () => {
  expect(checkedProduct({ ...WRITTEN, sku: '', title: '', quantity: undefined })).toEqual([
    'sku-malformed',
    'title-malformed',
    'quantity-malformed',
  ]);
});

test('a SKU may hold anything that can be seen', () => {
  expect(['1E5', '00123', 'A/B #3', 'è+'].every(isSku)).toBe(true);
});
