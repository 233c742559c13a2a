import { formatMinor } from '../../domain/money.ts';
import type { Receipt, ReceiptLanguage } from '../../domain/receipt.ts';
import { amountText } from '../../domain/texts/numbers.ts';

const ROME = 'Europe/Rome';

/** `2026-11-24` as the language writes a day. */
export function dayText(day: string, language: ReceiptLanguage): string {
  return dateText(new Date(`${day}T12:00:00Z`), language);
}

/** The day of an instant in Rome. */
export function instantText(instant: string, language: ReceiptLanguage): string {
  return dateText(new Date(instant), language);
}

function dateText(date: Date, language: ReceiptLanguage): string {
  return new Intl.DateTimeFormat(language === 'it' ? 'it-IT' : 'en-GB', {
    dateStyle: 'long',
    timeZone: ROME,
  }).format(date);
}

/** Digits as the language writes them, without the currency. */
export function plainAmount(amountMinor: number, { currency, language }: Receipt): string {
  return amountText(formatMinor(amountMinor, currency), language);
}

export function moneyText(amountMinor: number, receipt: Receipt): string {
  return `${plainAmount(amountMinor, receipt)} ${receipt.currency}`;
}

/** 2200 → `22%`, 2550 → `25,5%`. */
export function rateText(rateHundredths: number, language: ReceiptLanguage): string {
  const digits = String(rateHundredths).padStart(3, '0');
  const decimals = digits.slice(-2).replace(/0+$/, '');
  return `${amountText(`${digits.slice(0, -2)}${decimals === '' ? '' : `.${decimals}`}`, language)}%`;
}

export function countryText(code: string, language: ReceiptLanguage): string {
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'code' }).of(code) ?? code;
}
