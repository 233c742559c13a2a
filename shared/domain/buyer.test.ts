import { describe, expect, test } from 'vitest';
import { aBuyer } from '../../tests/support/orders.ts';
import { mergeBuyer } from './buyer.ts';

const LATER = '2026-11-21T00:00:00.000Z';

describe('a buyer read again', () => {
  test('is what came when nothing was known', () => {
    expect(mergeBuyer(undefined, aBuyer())).toEqual(aBuyer());
  });

  test('keeps what is known when the marketplace gives it no more', () => {
    const blank = aBuyer({
      state: 'refused',
      name: undefined,
      deliveryAddress: { lines: [], city: 'Town' },
      lines: [],
      updatedAt: LATER,
    });
    const merged = mergeBuyer(
      aBuyer({
        email: 'one@example.invalid',
        taxRegistrations: [{ kind: 'VAT', number: 'IT0' }],
        lines: [{ orderLineId: '1', giftMessage: 'greetings' }],
      }),
      blank,
    );
    expect(merged).toMatchObject({
      state: 'present',
      name: 'Buyer One',
      email: 'one@example.invalid',
      deliveryAddress: { lines: ['Street 1'] },
      taxRegistrations: [{ kind: 'VAT', number: 'IT0' }],
      lines: [{ orderLineId: '1', giftMessage: 'greetings' }],
      updatedAt: LATER,
    });
  });

  test('takes the newer address whole, never half of each', () => {
    const moved = aBuyer({ updatedAt: LATER, deliveryAddress: { lines: ['Street 2'] } });
    expect(mergeBuyer(aBuyer(), moved).deliveryAddress).toEqual({ lines: ['Street 2'] });
  });

  test('does not go back to an older version, but fills its holes from it', () => {
    const newer = aBuyer({ name: 'Buyer Two', email: undefined, updatedAt: LATER });
    const older = aBuyer({ name: 'Buyer One', email: 'one@example.invalid' });
    expect(mergeBuyer(newer, older)).toMatchObject({
      name: 'Buyer Two',
      email: 'one@example.invalid',
      updatedAt: LATER,
    });
  });

  test('stays deleted once it was', () => {
    const deleted = aBuyer({
      state: 'deleted',
      name: undefined,
      deliveryAddress: undefined,
      deletedAt: LATER,
    });
    expect(mergeBuyer(deleted, aBuyer({ updatedAt: '2027-01-01T00:00:00.000Z' }))).toEqual(deleted);
  });
});
