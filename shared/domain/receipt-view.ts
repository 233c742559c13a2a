import { formatMinor } from './money.ts';
import { isReversal, type Receipt, receiptIdParts, type VatTotal } from './receipt.ts';
import { reversibleMinor } from './receipt-reversal.ts';
import type { DocumentDecision } from './receipt-rules.ts';
import type { ReceiptUpload } from './receipt-upload.ts';
import { shownUpload } from './receipt-upload-view.ts';
import { receiptTexts } from './texts/receipts/index.ts';

/**
 * A document as a list shows it; amounts are decimal text. It says nothing of who bought.
 * @param upload what became of it at its marketplace; undefined when it was never wanted there
 */
export function listedReceipt(receipt: Receipt, upload: ReceiptUpload | undefined) {
  const { receiptId, marketplace, marketplaceOrderId, kind, issuer, state, currency } = receipt;
  return {
    receipt: receiptName(receiptId),
    ...{ marketplace, marketplaceOrderId, kind, issuer, state, currency },
    channel: receipt.channelId,
    number: receipt.number?.text ?? null,
    issueDate: receipt.issueDate,
    gross: formatMinor(receipt.totals.grossMinor, currency),
    problem: receipt.problem === undefined ? null : receiptTexts(receipt.problem, receipt.issuerDetails),
    requestedAt: receipt.requestedAt,
    issuedAt: receipt.issuedAt ?? null,
    upload: upload === undefined ? null : shownUpload(upload),
  };
}

/** A document with everything that stands on it but the people. */
export function receiptDetail(receipt: Receipt, upload: ReceiptUpload | undefined) {
  const { reverses, file, currency, kind, state } = receipt;
  return {
    ...listedReceipt(receipt, upload),
    ...figuresOf(receipt),
    vatTreatment: receipt.vatTreatment,
    vatCountry: receipt.vatCountry,
    decision: shownDecision(receipt.decision),
    reverses:
      reverses === undefined
        ? null
        : {
            receipt: receiptName(reverses.receiptId),
            number: reverses.numberText,
            issueDate: reverses.issueDate,
            reason: reverses.reason,
          },
    reversible:
      isReversal(kind) || state !== 'issued' ? null : formatMinor(reversibleMinor(receipt), currency),
    file: file === undefined ? null : { sha256: file.sha256, sizeBytes: file.sizeBytes },
    buyerShown: receipt.buyerShown,
    requestedBy: receipt.requestedBy,
    dueAt: receipt.dueAt ?? null,
  };
}

/** Lines and totals of a document, made or about to be. */
export function figuresOf({ lines, totals, currency }: Pick<Receipt, 'lines' | 'totals' | 'currency'>) {
  const text = (minor: number): string => formatMinor(minor, currency);
  return {
    lines: lines.map((line) => ({
      lineNumber: line.lineNumber,
      kind: line.kind,
      sku: line.sku ?? null,
      title: line.title ?? null,
      quantity: line.quantity,
      unitGross: line.unitGrossMinor === undefined ? null : text(line.unitGrossMinor),
      discount: text(line.discountMinor),
      net: text(line.netMinor),
      vat: text(line.vatMinor),
      gross: text(line.grossMinor),
      rateHundredths: line.rateHundredths,
      nature: line.nature ?? null,
    })),
    totals: {
      net: text(totals.netMinor),
      vat: text(totals.vatMinor),
      gross: text(totals.grossMinor),
      byRate: shownRates(totals.byRate, currency),
    },
  };
}

export function shownRates(rates: readonly VatTotal[], currency: string) {
  return rates.map(({ rateHundredths, nature, netMinor, vatMinor, grossMinor }) => ({
    rateHundredths,
    nature: nature ?? null,
    net: formatMinor(netMinor, currency),
    vat: formatMinor(vatMinor, currency),
    gross: formatMinor(grossMinor, currency),
  }));
}

export function shownDecision({ document, ruleId, override }: DocumentDecision) {
  return { document, ruleId: ruleId ?? null, override: override ?? null };
}

/** How a document is named among its order's: `sale-1`. */
export function receiptName(id: Receipt['receiptId']): string {
  const parts = receiptIdParts(id);
  if (parts === undefined) throw new RangeError('not a document');
  return `${parts.family}-${parts.request}`;
}
