/**
 * A barcode number, checked: EAN-13, EAN-8, UPC-A (12 digits) and GTIN-14, by their check digit. Told the same however
 * many zeros stand before it: a UPC is the EAN with a zero more.
 * Source: GS1 General Specifications, "Standard check digit calculations for GS1 data structures".
 * @returns 13 digits, or 14 where the number does not fit them; undefined when it is no such number
 */
export function eanOf(text: string): string | undefined {
  const digits = text.trim();
  if (!/^(?:\d{8}|\d{12,14})$/.test(digits)) return undefined;
  if (/^0+$/.test(digits)) return undefined;
  if (checkDigitOf(digits.slice(0, -1)) !== Number(digits.at(-1))) return undefined;
  // Eight digits are a number range of their own, and no shorter spelling of thirteen.
  if (digits.length === 8) return digits;
  return digits.replace(/^0(?=\d{13}$)/, '').padStart(13, '0');
}

/** The digit that makes the weighted sum, 3 and 1 by turns from the right, a multiple of ten. */
function checkDigitOf(digits: string): number {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10;
}
