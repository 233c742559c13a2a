import { describe, expect, test } from 'vitest';
import { readPdf } from '../../../tests/support/pdf.ts';
import { RejectedError } from '../../domain/errors.ts';
import { orderId } from '../../domain/order.ts';
import { type Receipt, type ReceiptLine, receiptId } from '../../domain/receipt.ts';
import type { ReceiptPage } from '../../ports/receipt-renderer.ts';
import { readFonts } from './fonts.ts';
import { createReceiptRenderer } from './renderer.ts';

const renderer = createReceiptRenderer(readFonts());
/** One red dot. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

function line(lineNumber: number, more: Partial<ReceiptLine> = {}): ReceiptLine {
  return {
    lineNumber,
    kind: 'item',
    sku: `SKU-${lineNumber}`,
    title: `Trapano dimostrativo ${lineNumber}`,
    quantity: 2,
    unitGrossMinor: 61_000,
    discountMinor: 0,
    grossMinor: 122_000,
    netMinor: 100_000,
    vatMinor: 22_000,
    rateHundredths: 2_200,
    ...more,
  };
}

function receipt(more: Partial<Receipt> = {}): Receipt {
  const order = orderId('manomano', 'M2600000000003');
  return {
    receiptId: receiptId(order, 'sale', '1'),
    orderId: order,
    marketplace: 'manomano',
    marketplaceOrderId: 'M2600000000003',
    channelId: 'manomano-it',
    purchasedAt: '2026-11-22T23:30:00Z',
    kind: 'courtesy-receipt',
    issuer: 'built-in',
    sellerId: 'IT01234567890',
    number: { text: '12/RC/2026', series: 'RC', year: 2026, sequence: 12 },
    issueDate: '2026-11-24',
    language: 'it',
    currency: 'EUR',
    lines: [line(1)],
    totals: {
      grossMinor: 122_000,
      netMinor: 100_000,
      vatMinor: 22_000,
      byRate: [{ rateHundredths: 2_200, netMinor: 100_000, vatMinor: 22_000, grossMinor: 122_000 }],
    },
    vatTreatment: 'domestic',
    vatCountry: 'IT',
    destinationCountry: 'IT',
    business: false,
    buyerShown: 'named',
    decision: {
      document: 'courtesy-receipt',
      ruleId: 'consumer',
      facts: {
        marketplace: 'manomano',
        buyer: 'consumer',
        country: 'IT',
        sellerCountry: 'IT',
        oneStopShop: false,
        invoiceRequested: false,
      },
    },
    state: 'numbered',
    requestedBy: 'cli',
    requestedAt: '2026-11-24T09:00:00Z',
    attempts: 0,
    version: 1,
    ...more,
  };
}

function page(more: Partial<ReceiptPage> = {}): ReceiptPage {
  return {
    receipt: receipt(),
    seller: {
      legalName: 'Ferramenta Inventata S.r.l.',
      addressLines: ['Via Inventata 1'],
      postalCode: '60100',
      city: 'Cittainventata',
      province: 'AN',
      country: 'IT',
      vatNumber: 'IT01234567890',
      rea: 'AN-000000',
      shareCapital: '€ 10.000 i.v.',
    },
    buyer: {
      name: 'Łukasz Inventato',
      billingAddress: {
        name: 'Łukasz Inventato',
        lines: ['Via di Prova 2'],
        postalCode: '00100',
        city: 'Paeseinventato',
        region: 'RM',
        countryCode: 'IT',
      },
    },
    logo: undefined,
    courtesyNotes: {},
    ...more,
  };
}

const wordsOf = async (drawn: ReceiptPage): Promise<string> =>
  (await readPdf(await renderer.render(drawn))).pages.join('\n').replaceAll(/\s+/g, ' ');

describe('a courtesy receipt', () => {
  test('says what it is, whose it is, for which order, and what the amounts are', async () => {
    const words = await wordsOf(page());
    for (const wanted of [
      'Ricevuta di cortesia',
      'Numero 12/RC/2026',
      'Data 24 novembre 2026',
      'Ferramenta Inventata S.r.l.',
      'Partita IVA IT01234567890',
      'REA AN-000000',
      'Capitale sociale € 10.000 i.v.',
      'Łukasz Inventato',
      '00100 Paeseinventato (RM)',
      'Ordine M2600000000003 del 23 novembre 2026',
      'Pagato tramite ManoMano',
      '610,00',
      '22% 1.000,00 220,00 1.220,00',
      'Totale 1.220,00 EUR',
      'Documento non valido ai fini fiscali',
      'Pagina 1 di 1',
    ]) {
      expect(words).toContain(wanted);
    }
    expect(words).not.toContain('Fattura');
  });

  test('speaks English where the buyer does', async () => {
    const words = await wordsOf(page({ receipt: receipt({ language: 'en', destinationCountry: 'DE' }) }));
    expect(words).toContain('Courtesy receipt');
    expect(words).toContain('Total 1,220.00 EUR');
    expect(words).toContain('Date 24 November 2026');
    // A buyer abroad wants to know where the seller is.
    expect(words).toContain('60100 Cittainventata (AN) Italy');
  });

  test('is the same bytes for the same page, and others for another', async () => {
    const [once, twice] = [await renderer.render(page()), await renderer.render(page())];
    expect(Buffer.compare(once, twice)).toBe(0);
    const other = await renderer.render(page({ receipt: receipt({ issueDate: '2026-11-25' }) }));
    expect(Buffer.compare(once, other)).not.toBe(0);
  });

  test('embeds its fonts and names no other', async () => {
    const text = Buffer.from(await renderer.render(page())).toString('latin1');
    const fonts = [...text.matchAll(/\/BaseFont \/(\S+)/g)].map(([, name]) => name ?? '');
    expect(fonts.length).toBeGreaterThan(0);
    for (const name of fonts) expect(name).toMatch(/NotoSans/);
    expect(text).toContain('/FontFile2');
  });

  test('shows the buyer once when the address repeats the name, and nobody when nobody is known', async () => {
    expect((await wordsOf(page())).split('Łukasz Inventato')).toHaveLength(2);
    expect(await wordsOf(page({ buyer: undefined }))).toContain('Dati del cliente non disponibili');
  });

  test('shows where it went only when that is somewhere else', async () => {
    expect(await wordsOf(page())).not.toContain('Spedito a');
    const buyer = {
      name: 'Cliente Inventato',
      deliveryAddress: { name: 'Ufficio', lines: ['Hauptstraße 5'], city: 'Ortinventat', countryCode: 'DE' },
    };
    expect(await wordsOf(page({ buyer }))).toContain('Spedito a Ufficio Hauptstraße 5 Ortinventat Germania');
  });

  test('shows discounts only when there are some', async () => {
    expect(await wordsOf(page())).not.toContain('Sconto');
    const lines = [line(1, { discountMinor: -150, grossMinor: 121_850 })];
    expect(await wordsOf(page({ receipt: receipt({ lines }) }))).toMatch(/Sconto .* -1,50 22% 1\.218,50/);
  });

  test('says whose VAT it is, or why there is none', async () => {
    const shown = (more: Partial<Receipt>) => wordsOf(page({ receipt: receipt(more) }));
    expect(await shown({ vatTreatment: 'one-stop-shop', vatCountry: 'DE' })).toContain('IVA di Germania');
    expect(await shown({ vatTreatment: 'reverse-charge' })).toContain('inversione contabile');
    expect(await shown({ vatTreatment: 'export' })).toContain('esportazione');
    expect(await shown({})).not.toMatch(/sportello unico|inversione|esportazione/);
  });

  test("carries the accountant's words instead of ours", async () => {
    const words = await wordsOf(page({ courtesyNotes: { it: 'Parole del commercialista.' } }));
    expect(words).toContain('Parole del commercialista.');
    expect(words).not.toContain('Documento non valido');
  });

  test('goes on over as many pages as it needs, each with its head, its foot and its number', async () => {
    const lines = Array.from({ length: 60 }, (_, at) => line(at + 1));
    const { pages } = await readPdf(await renderer.render(page({ receipt: receipt({ lines }) })));
    expect(pages.length).toBeGreaterThan(1);
    for (const [at, text] of pages.entries()) {
      expect(text).toContain(`Pagina ${at + 1} di ${pages.length}`);
      expect(text).toContain('12/RC/2026');
    }
    const all = pages.join('\n');
    for (const { sku } of lines) expect(all.split(/\s+/).filter((word) => word === sku)).toHaveLength(1);
  });

  test('shows the logo, and refuses one that is no picture', async () => {
    const { pages } = await readPdf(await renderer.render(page({ logo: PNG })));
    expect(pages).toHaveLength(1);
    await expect(renderer.render(page({ logo: Buffer.from('not a picture') }))).rejects.toThrow(
      RejectedError,
    );
  });

  test('is never drawn without its number, nor in place of an invoice', async () => {
    await expect(renderer.render(page({ receipt: receipt({ number: undefined }) }))).rejects.toThrow(
      RangeError,
    );
    await expect(renderer.render(page({ receipt: receipt({ kind: 'electronic-invoice' }) }))).rejects.toThrow(
      RangeError,
    );
  });
});

test('a reversal points at what it takes back, with its own title', async () => {
  const order = orderId('manomano', 'M2600000000003');
  const words = await wordsOf(
    page({
      receipt: receipt({
        kind: 'courtesy-reversal',
        lines: [line(1, { grossMinor: -122_000, netMinor: -100_000, vatMinor: -22_000 })],
        reverses: {
          receiptId: receiptId(order, 'sale', '1'),
          numberText: '11/RC/2026',
          issueDate: '2026-11-01',
          reason: 'refund',
        },
      }),
    }),
  );
  expect(words).toContain('Storno di ricevuta di cortesia');
  expect(words).toContain('Storna la ricevuta 11/RC/2026 del 1 novembre 2026 (rimborso)');
  expect(words).toContain('-1.220,00');
});
