import type { Language } from './index.ts';

/** A whole number as the language writes it, thousands apart. */
export function countText(count: number, language: Language): string {
  return new Intl.NumberFormat(language, { useGrouping: 'always' }).format(count);
}

/** A decimal amount (`"-1234.50"`) as the language writes it, exactly as it stands: digits are moved, never computed. */
export function amountText(decimal: string, language: Language): string {
  const [whole = '', decimals] = decimal.replace('-', '').split('.');
  const parts = new Intl.NumberFormat(language, { useGrouping: 'always' }).formatToParts(1234567.5);
  const group = parts.find((part) => part.type === 'group')?.value ?? '';
  const point = parts.find((part) => part.type === 'decimal')?.value ?? '.';
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return `${decimal.startsWith('-') ? '-' : ''}${grouped}${decimals === undefined ? '' : point + decimals}`;
}
