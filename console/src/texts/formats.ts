const TIME_ZONE = 'Europe/Rome';

/** Numbers, money and dates as a language writes them; dates in the shop's time zone. */
export interface Formats {
  /** An amount in the currency's unit, as the API gives it: `"-11.68"`. */
  money(amount: string | null, currency: string | null): string;
  number(value: number): string;
  day(instant: string | null): string;
  dayAndTime(instant: string | null): string;
  duration(minutes: number): string;
}

export function createFormats(locale: string): Formats {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeZone: TIME_ZONE });
  const dayAndTime = new Intl.DateTimeFormat(locale, {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: TIME_ZONE,
  });
  const number = new Intl.NumberFormat(locale);
  const units = (unit: 'day' | 'hour' | 'minute') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' });
  const [days, hours, minutes] = [units('day'), units('hour'), units('minute')];
  const currencies = new Map<string, Intl.NumberFormat>();
  const currencyFormat = (currency: string): Intl.NumberFormat => {
    const format = currencies.get(currency) ?? new Intl.NumberFormat(locale, { style: 'currency', currency });
    currencies.set(currency, format);
    return format;
  };
  return {
    money(amount, currency) {
      if (amount === null) return '—';
      // The text itself: a number would round what has more digits than it holds.
      const exact = amount as Intl.StringNumericLiteral;
      return currency === null ? number.format(exact) : currencyFormat(currency).format(exact);
    },
    number: (value) => number.format(value),
    day: (instant) => (instant === null ? '—' : day.format(new Date(instant))),
    dayAndTime: (instant) => (instant === null ? '—' : dayAndTime.format(new Date(instant))),
    duration(total) {
      const left = Math.abs(total);
      if (left >= 2 * 1440) return days.format(Math.floor(left / 1440));
      if (left >= 60) return hours.format(Math.floor(left / 60));
      return minutes.format(left);
    },
  };
}
