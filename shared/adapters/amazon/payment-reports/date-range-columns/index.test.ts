import { describe, expect, it } from 'vitest';
import { HEADERS, isBrokenHeader, knownHeader } from './index.ts';

describe('header names', () => {
  it('match whole, never by their beginning', () => {
    expect(knownHeader('Andere')?.column).toBe('other');
    expect(knownHeader('Andere Transaktionsgebühren')?.column).toBe('otherTransactionFees');
    expect(knownHeader('autre')?.column).toBe('other');
    expect(knownHeader('other')?.column).toBe('other');
    expect(knownHeader('other transaction fees')?.column).toBe('otherTransactionFees');
    expect(knownHeader('othe')).toBeUndefined();
    expect(knownHeader('')).toBeUndefined();
  });

  it('match in any width, case, apostrophe and space', () => {
    expect(knownHeader('  DATA/ORA : ')?.column).toBe('dateTime');
    expect(knownHeader('taxe sur les crédits d’expédition')?.column).toBe('shippingCreditsTax');
    expect(knownHeader("CAP\u00a0dell'ordine")?.column).toBe('postcode');
    expect(knownHeader('Quantita\u0300')?.column).toBe('quantity');
  });

  it('are seen through broken accents, and only through those', () => {
    for (const headers of Object.values(HEADERS)) {
      for (const spelling of Object.values(headers).flat()) {
        expect(isBrokenHeader(spelling)).toBe(false);
        const broken = new TextDecoder('windows-1252').decode(Buffer.from(spelling));
        expect([spelling, isBrokenHeader(broken)]).toEqual([spelling, broken !== spelling]);
        const asked = spelling.replace(/[^\x20-\x7e]/g, '?');
        expect([spelling, isBrokenHeader(asked)]).toEqual([spelling, asked !== spelling]);
      }
    }
    expect(isBrokenHeader('Quantité inconnue')).toBe(false);
    expect(isBrokenHeader('')).toBe(false);
  });
});
