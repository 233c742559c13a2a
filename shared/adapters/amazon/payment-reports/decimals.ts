import { minorDigits } from '../../../domain/money.ts';

/**
 * Amounts as Amazon prints them in every country, read without floats.
 * Whether `1.234` is a thousand or a number with three decimals is decided once per file, by its other cells.
 */
export type DecimalMark = ',' | '.';

/** Fraction digits every currency of these files has at most. */
const DECIMALS_MAX = 2;

export type AmountProblem = 'unreadable-amount' | 'too-many-decimals';

interface NumberText {
  readonly negative: boolean;
  /** Digits with `,` and `.` where the file has them; thousands spaces are gone. */
  readonly digits: string;
}

/** Sign and digits apart, or undefined when the cell is no number at all. */
function numberText(cell: string): NumberText | undefined {
  const match = /^([-+\u2212\u2013]?)\s*(\d{1,3}(?:\s\d{3})+(?:[.,]\d*)?|[\d.,]+)$/.exec(cell.trim());
  const digits = match?.[2]?.replace(/\s/g, '');
  if (!match || !digits || !/\d/.test(digits)) return undefined;
  return { negative: match[1] !== '' && match[1] !== '+', digits };
}

/**
 * What one money cell says about the file's decimal mark.
 * `ambiguous` cells need a decision to be read; `none` read the same either way (`0`, `15`) or cannot be read.
 */
export function decimalEvidence(cell: string): DecimalMark | 'ambiguous' | 'none' {
  const digits = numberText(cell)?.digits;
  if (digits === undefined) return 'none';
  const marks = digits.replace(/\d/g, '');
  if (marks === '') return 'none';
  const last = marks.at(-1) as DecimalMark;
  const other = last === ',' ? '.' : ',';
  // 1.234,56 or 1,234.567: the last mark is the decimal one. 1.234.567: it cannot be.
  if (marks.includes(other)) return last;
  if (marks.length > 1) return isGrouped(digits, last) ? other : 'none';
  const decimals = digits.length - digits.indexOf(last) - 1;
  if (decimals === 1 || decimals === 2) return last;
  return decimals === 3 ? 'ambiguous' : 'none';
}

/** Groups of three from the right; Indian grouping has pairs before them (`1,23,456`). */
function isGrouped(digits: string, mark: DecimalMark): boolean {
  const groups = digits.split(mark);
  const last = groups.pop();
  const first = groups.shift();
  return (
    last?.length === 3 &&
    first !== undefined &&
    /^\d{1,3}$/.test(first) &&
    groups.every((group) => group.length === 2 || group.length === 3)
  );
}

/**
 * A money cell in minor units of `currency`, or why it is none.
 * @param mark the file's decimal mark; cells that are not ambiguous read the same under either until one contradicts
 */
export function readAmount(cell: string, mark: DecimalMark, currency: string): number | AmountProblem {
  const number = numberText(cell);
  if (!number) return 'unreadable-amount';
  const [whole = '', fraction = '', ...more] = number.digits.split(mark);
  if (more.length > 0) return 'unreadable-amount';
  const thousands = mark === ',' ? '.' : ',';
  if (fraction.includes(thousands)) return 'unreadable-amount';
  if (whole.includes(thousands) && !isGrouped(whole, thousands)) return 'unreadable-amount';
  const digits = minorDigits(currency);
  if (fraction.length > DECIMALS_MAX || /[1-9]/.test(fraction.slice(digits))) return 'too-many-decimals';
  const minor = Number(whole.replaceAll(thousands, '') + fraction.slice(0, digits).padEnd(digits, '0'));
  if (!Number.isSafeInteger(minor)) return 'unreadable-amount';
  return number.negative && minor !== 0 ? -minor : minor;
}
