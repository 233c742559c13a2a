/**
 * Money is a whole number of the currency's smallest unit, never a float.
 * Decimal text is read and written by rule here and nowhere else.
 */
export interface Money {
  /** Whole minor units (cents for EUR, yen for JPY); negative when it leaves the seller. */
  readonly amountMinor: number;
  /** ISO 4217 code, upper case. */
  readonly currency: string;
}

/** ISO 4217 currencies of Amazon's marketplaces whose minor unit is not a hundredth. */
const MINOR_DIGITS: Readonly<Record<string, number>> = { JPY: 0 };

/** How many decimals the currency's minor unit has. */
export function minorDigits(currency: string): number {
  return MINOR_DIGITS[currency] ?? 2;
}

/**
 * Minor units as decimal text with a point: `-1168` EUR → `"-11.68"`.
 * @throws RangeError when the amount is not a safe integer: it would be printed wrong.
 */
export function formatMinor(amountMinor: number, currency: string): string {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`not whole minor units: ${amountMinor}`);
  const digits = minorDigits(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * Decimal text with a point, as partners' JSON carries it (`"95.00"`, `"-3"`), to minor units.
 * Zeros beyond the currency's decimals are allowed (`"1.500"`), other digits there are not.
 * @throws RangeError when the text is not such a number or does not fit a safe integer.
 */
export function parseDecimal(text: string, currency: string): number {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) throw new RangeError(`not a decimal amount: ${JSON.stringify(text)}`);
  const digits = minorDigits(currency);
  const fraction = match[3] ?? '';
  if (/[1-9]/.test(fraction.slice(digits)))
    throw new RangeError(`more decimals than ${currency} has: ${text}`);
  const minor = Number(`${match[2]}${fraction.slice(0, digits).padEnd(digits, '0')}`);
  if (!Number.isSafeInteger(minor)) throw new RangeError(`amount out of range: ${text}`);
  return match[1] === '-' && minor !== 0 ? -minor : minor;
}
