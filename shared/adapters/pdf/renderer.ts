import { RejectedError } from '../../domain/errors.ts';
import type { Receipt, ReceiptLine } from '../../domain/receipt.ts';
import { MARKETPLACE_NAMES } from '../../domain/texts/channels/index.ts';
import { RECEIPT_PAGE_TEXTS } from '../../domain/texts/receipt-page/index.ts';
import type { ReceiptPage, ReceiptRenderer } from '../../ports/receipt-renderer.ts';
import type { Fonts } from './fonts.ts';
import { MUTED, Sheet } from './page.ts';
import { buyerBlock, deliveryBlock, sellerBlock } from './parties.ts';
import { countryText, dayText, instantText, moneyText, plainAmount, rateText } from './words.ts';

const LOGO_BOX = { width: 150, height: 52 };

/**
 * Draws courtesy receipts and their reversals (DPR 633/1972 art. 22: never an invoice, and never looks like one). The
 * same page gives the same bytes: its only date is the issue date.
 */
export function createReceiptRenderer(fonts: Fonts): ReceiptRenderer {
  return {
    async render(page) {
      const { receipt, seller } = page;
      const { kind, number, language } = receipt;
      if (kind !== 'courtesy-receipt' && kind !== 'courtesy-reversal') {
        throw new RangeError(`not drawn here: ${kind}`);
      }
      if (number === undefined) throw new RangeError('a document is drawn when it has its number');
      const texts = RECEIPT_PAGE_TEXTS[language];
      const title = kind === 'courtesy-receipt' ? texts.titles.receipt : texts.titles.reversal;
      const sheet = new Sheet(fonts, {
        title: `${title} ${number.text}`,
        author: seller.legalName,
        dated: new Date(`${receipt.issueDate}T12:00:00Z`),
        language,
      });
      drawHead(sheet, page, title, number.text);
      drawParties(sheet, page);
      drawLines(sheet, receipt);
      drawTotals(sheet, receipt);
      drawNotes(sheet, page);
      return sheet.finish((at, of) => ({
        left: `${seller.legalName} · ${texts.vatNumber} ${seller.vatNumber} · ${title} ${number.text}`,
        right: texts.page(at, of),
      }));
    },
  };
}

function drawHead(sheet: Sheet, { receipt, seller, logo }: ReceiptPage, title: string, number: string): void {
  const { language } = receipt;
  const texts = RECEIPT_PAGE_TEXTS[language];
  const half = sheet.width / 2;
  const top = sheet.y;
  if (logo === undefined) sheet.textAt(seller.legalName, sheet.left, top, half, { bold: true, size: 13 });
  else drawLogo(sheet, logo);
  const right = { align: 'right' as const };
  const x = sheet.left + half;
  let y = top;
  y += sheet.textAt(title, x, y, half, { ...right, bold: true, size: 16 }) + 3;
  y += sheet.textAt(`${texts.number} ${number}`, x, y, half, { ...right, bold: true, size: 10 });
  y += sheet.textAt(`${texts.date} ${dayText(receipt.issueDate, language)}`, x, y, half, {
    ...right,
    size: 10,
  });
  sheet.y = Math.max(y, top + LOGO_BOX.height) + 16;
}

function drawLogo(sheet: Sheet, logo: Uint8Array): void {
  try {
    sheet.picture(logo, LOGO_BOX);
  } catch (cause) {
    throw new RejectedError('pdf', 'the logo is no PNG or JPEG that can be drawn', { cause });
  }
}

function drawParties(sheet: Sheet, { receipt, seller, buyer }: ReceiptPage): void {
  const { language, marketplace, marketplaceOrderId, purchasedAt, siteName, reverses } = receipt;
  const texts = RECEIPT_PAGE_TEXTS[language];
  const delivery = deliveryBlock(buyer, receipt);
  sheet.blocks([
    { label: '', lines: sellerBlock(seller, receipt) },
    { label: texts.buyer, lines: buyerBlock(buyer, receipt) },
    ...(delivery === undefined ? [] : [{ label: texts.deliveredTo, lines: delivery }]),
  ]);
  sheet.space(14);
  const place = siteName ?? MARKETPLACE_NAMES[marketplace];
  sheet.paragraph(
    `${texts.order} ${marketplaceOrderId} ${texts.orderedOn} ${instantText(purchasedAt, language)} · ${texts.paidThrough(place)}`,
    { bold: true, size: 9 },
  );
  if (reverses !== undefined) {
    const { numberText, issueDate, reason } = reverses;
    sheet.paragraph(
      `${texts.reverses(numberText, dayText(issueDate, language))} (${texts.reasons[reason]})`,
      {
        size: 9,
      },
    );
  }
  sheet.space(10);
}

function drawLines(sheet: Sheet, receipt: Receipt): void {
  const { columns } = RECEIPT_PAGE_TEXTS[receipt.language];
  const discounted = receipt.lines.some(({ discountMinor }) => discountMinor !== 0);
  const left = 'left' as const;
  const right = 'right' as const;
  sheet.table(
    [
      { head: columns.sku, width: 0.17, align: left },
      { head: columns.description, width: discounted ? 0.31 : 0.43, align: left },
      { head: columns.quantity, width: 0.06, align: right },
      { head: columns.unitPrice, width: 0.12, align: right },
      ...(discounted ? [{ head: columns.discount, width: 0.12, align: right }] : []),
      { head: columns.rate, width: 0.07, align: right },
      { head: `${columns.total} ${receipt.currency}`, width: 0.15, align: right },
    ],
    receipt.lines.map((line) => cells(line, receipt, discounted)),
  );
}

function cells(line: ReceiptLine, receipt: Receipt, discounted: boolean): readonly string[] {
  const { lineKinds } = RECEIPT_PAGE_TEXTS[receipt.language];
  const amount = (minor: number) => plainAmount(minor, receipt);
  return [
    line.sku ?? '',
    line.title ?? lineKinds[line.kind],
    String(line.quantity),
    line.unitGrossMinor === undefined ? '' : amount(line.unitGrossMinor),
    ...(discounted ? [line.discountMinor === 0 ? '' : amount(line.discountMinor)] : []),
    line.nature ?? rateText(line.rateHundredths, receipt.language),
    amount(line.grossMinor),
  ];
}

function drawTotals(sheet: Sheet, receipt: Receipt): void {
  const texts = RECEIPT_PAGE_TEXTS[receipt.language];
  const { totals, language } = receipt;
  const amount = (minor: number) => plainAmount(minor, receipt);
  sheet.space(12);
  sheet.table(
    [
      { head: texts.vatSummary, width: 0.4, align: 'left' },
      { head: texts.taxable, width: 0.2, align: 'right' },
      { head: texts.vat, width: 0.2, align: 'right' },
      { head: `${texts.total} ${receipt.currency}`, width: 0.2, align: 'right' },
    ],
    totals.byRate.map(({ rateHundredths, nature, netMinor, vatMinor, grossMinor }) => [
      nature === undefined
        ? rateText(rateHundredths, language)
        : `${rateText(rateHundredths, language)} (${nature})`,
      amount(netMinor),
      amount(vatMinor),
      amount(grossMinor),
    ]),
  );
  sheet.space(10);
  sheet.room(40);
  const half = sheet.width / 2;
  const height = sheet.textAt(
    `${texts.total} ${moneyText(totals.grossMinor, receipt)}`,
    sheet.left + half,
    sheet.y,
    half,
    { bold: true, size: 14, align: 'right' },
  );
  sheet.textAt(texts.vatIncluded, sheet.left, sheet.y + 4, half, { size: 8, colour: MUTED });
  sheet.space(height + 14);
}

function drawNotes(sheet: Sheet, { receipt, courtesyNotes }: ReceiptPage): void {
  const { language, vatTreatment, vatCountry } = receipt;
  const texts = RECEIPT_PAGE_TEXTS[language];
  const notes = [
    courtesyNotes[language] ?? texts.courtesyNote,
    ...(vatTreatment === 'one-stop-shop' ? [texts.vatOf(countryText(vatCountry, language))] : []),
    ...(vatTreatment === 'reverse-charge' ? [texts.reverseCharge] : []),
    ...(vatTreatment === 'export' ? [texts.export] : []),
  ];
  for (const note of notes) {
    sheet.paragraph(note, { size: 8, colour: MUTED });
    sheet.space(2);
  }
}
