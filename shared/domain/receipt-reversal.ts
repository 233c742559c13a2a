import type { Receipt, ReceiptLine, ReceiptProblem, ReceiptTotals } from './receipt.ts';
import { isReversal } from './receipt.ts';
import { shareOut, totalsOf } from './vat.ts';

/** How much of a receipt is taken back. */
export type ReversalWanted =
  /** Everything that is left of it. */
  | { readonly of: 'rest' }
  /** An amount, VAT included, shared out over what is left of its lines. */
  | { readonly of: 'amount'; readonly amountMinor: number }
  /** So much of each of these lines, VAT included. */
  | {
      readonly of: 'lines';
      readonly lines: readonly { readonly lineNumber: number; readonly grossMinor: number }[];
    };

export type Reversal =
  | {
      readonly state: 'split';
      readonly lines: readonly ReceiptLine[];
      readonly totals: ReceiptTotals;
      /** What is taken back of the receipt from then on, this reversal included. */
      readonly reversedByLine: Readonly<Record<string, number>>;
    }
  | { readonly state: 'refused'; readonly problem: ReceiptProblem };

/** What is left of a receipt that could be taken back, VAT included. */
export function reversibleMinor(receipt: Pick<Receipt, 'lines' | 'reversedByLine'>): number {
  return receipt.lines.reduce((sum, line) => sum + remaining(receipt, line), 0);
}

/**
 * The lines that take back a part of a receipt: its own, with the sign turned. VAT follows the amount, and taking back
 * everything piece by piece takes back exactly the VAT there was.
 */
export function reverse(
  receipt: Pick<Receipt, 'lines' | 'reversedByLine'>,
  wanted: ReversalWanted,
): Reversal {
  const left = reversibleMinor(receipt);
  if (left <= 0) return { state: 'refused', problem: 'nothing-to-reverse' };
  const parts = partsOf(receipt, wanted, left);
  if (parts === undefined) return { state: 'refused', problem: 'reversal-exceeds' };
  const reversedByLine: Record<string, number> = { ...receipt.reversedByLine };
  const lines: ReceiptLine[] = [];
  for (const [at, line] of receipt.lines.entries()) {
    const part = parts[at] ?? 0;
    if (part === 0) continue;
    const before = receipt.reversedByLine?.[line.lineNumber] ?? 0;
    const after = before + part;
    reversedByLine[line.lineNumber] = after;
    const grossMinor = -part;
    const vatMinor = minus(vatOfPart(line, after) - vatOfPart(line, before));
    const isWhole = part === line.grossMinor;
    lines.push({
      ...line,
      quantity: isWhole ? line.quantity : 1,
      unitGrossMinor: isWhole && line.unitGrossMinor !== undefined ? minus(line.unitGrossMinor) : grossMinor,
      discountMinor: isWhole ? minus(line.discountMinor) : 0,
      grossMinor,
      netMinor: grossMinor - vatMinor,
      vatMinor,
    });
  }
  return { state: 'split', lines, totals: totalsOf(lines), reversedByLine };
}

/**
 * The credit to offer for an order: money went back to the buyer, and the receipt still says otherwise.
 * @param refundedMinor what went back so far, positive; the whole total for an order that was given back whole
 */
export function offeredReversal(
  receipts: readonly Receipt[],
  refundedMinor: number,
): { readonly receipt: Receipt; readonly amountMinor: number } | undefined {
  const receipt = receipts.findLast(({ kind, state }) => !isReversal(kind) && state === 'issued');
  if (receipt === undefined) return undefined;
  const left = reversibleMinor(receipt);
  const takenBack = receipt.totals.grossMinor - left;
  const amountMinor = Math.min(refundedMinor - takenBack, left);
  return amountMinor > 0 ? { receipt, amountMinor } : undefined;
}

/** What each line loses, signed as the line; undefined when there is not so much left. */
function partsOf(
  receipt: Pick<Receipt, 'lines' | 'reversedByLine'>,
  wanted: ReversalWanted,
  left: number,
): readonly number[] | undefined {
  const rest = receipt.lines.map((line) => remaining(receipt, line));
  if (wanted.of === 'rest') return rest;
  if (wanted.of === 'amount') {
    const isPart = Number.isSafeInteger(wanted.amountMinor) && wanted.amountMinor > 0;
    return isPart && wanted.amountMinor <= left ? shareOut(wanted.amountMinor, rest) : undefined;
  }
  const parts = receipt.lines.map(() => 0);
  for (const { lineNumber, grossMinor } of wanted.lines) {
    const at = receipt.lines.findIndex((line) => line.lineNumber === lineNumber);
    const most = (rest[at] ?? 0) - (parts[at] ?? 0);
    if (!Number.isSafeInteger(grossMinor) || grossMinor <= 0 || grossMinor > most) return undefined;
    parts[at] = (parts[at] ?? 0) + grossMinor;
  }
  // Discounts of the order are lines too: without them more would go back than came in.
  const all = parts.reduce((sum, part) => sum + part, 0);
  return all > 0 && all <= left ? parts : undefined;
}

function remaining({ reversedByLine }: Pick<Receipt, 'reversedByLine'>, line: ReceiptLine): number {
  return line.grossMinor - (reversedByLine?.[line.lineNumber] ?? 0);
}

/** The VAT of the first so many units of a line, rounded half up. */
function vatOfPart({ grossMinor, vatMinor }: ReceiptLine, part: number): number {
  if (grossMinor === 0) return 0;
  const whole = BigInt(Math.abs(grossMinor));
  const product = BigInt(Math.abs(vatMinor)) * BigInt(Math.abs(part));
  const vat = Number((2n * product + whole) / (2n * whole));
  return vatMinor < 0 ? minus(vat) : vat;
}

/** Without a negative zero, which is not equal to zero everywhere. */
function minus(amount: number): number {
  return amount === 0 ? 0 : -amount;
}

/** What is taken back of a receipt when one of its reversals came to nothing. */
export function withoutReversal(
  original: Pick<Receipt, 'reversedByLine'>,
  reversal: Pick<Receipt, 'lines'>,
): Readonly<Record<string, number>> {
  const left: Record<string, number> = { ...original.reversedByLine };
  for (const { lineNumber, grossMinor } of reversal.lines) {
    left[lineNumber] = (left[lineNumber] ?? 0) + grossMinor;
  }
  return Object.fromEntries(Object.entries(left).filter(([, amount]) => amount !== 0));
}
