import { formatMinor, type Money } from './money.ts';
import type { Order, OrderExtra, OrderLine } from './order.ts';
import { checkOrder } from './order-check.ts';
import type { ReceiptLine, ReceiptLineKind, ReceiptProblem, ReceiptTotals } from './receipt.ts';
import type { VatTable } from './receipt-settings.ts';
import { NATURES, type VatTreatment } from './vat-treatment.ts';

/** 100 % in hundredths of a percent. */
const WHOLE = 10_000n;
const RATE_MAX = 9_999;

export type VatSplit =
  | {
      readonly state: 'split';
      readonly currency: string;
      readonly lines: readonly ReceiptLine[];
      readonly totals: ReceiptTotals;
    }
  | {
      readonly state: 'refused';
      readonly problem: ReceiptProblem;
      /** SKUs or line ids it is about. */
      readonly details: readonly string[];
    };

/** A rate and, where it is zero, the reason: amounts of the same one are taxed together. */
interface Rate {
  readonly rateHundredths: number;
  readonly nature?: string | undefined;
}

/** A line whose VAT is not known yet, or stated by the marketplace. */
interface OpenLine {
  readonly kind: ReceiptLineKind;
  readonly orderLineId?: string | undefined;
  readonly sku?: string | undefined;
  readonly title?: string | undefined;
  readonly quantity: number;
  readonly unitGrossMinor?: number | undefined;
  readonly discountMinor: number;
  readonly grossMinor: number;
  readonly rate: Rate;
  readonly statedVatMinor?: number | undefined;
}

class Refusal extends Error {
  readonly problem: ReceiptProblem;
  readonly details: readonly string[];
  constructor(problem: ReceiptProblem, details: readonly string[] = []) {
    super(problem);
    this.problem = problem;
    this.details = details;
  }
}

/**
 * An order's amounts as lines with VAT. They make the order's total to the cent, or nothing is made.
 *
 * The marketplace's figures come first: its rate of a line, its tax on a line. What it does not say comes from the table.
 * VAT is contained in what the buyer pays. Per rate it is taken from the sum, the taxable amount rounded half up, and
 * handed out to the lines so that they add up to it. What stands on the order and on none of its lines (a discount,
 * shipping without a rate) is shared out over the rates of its lines in proportion.
 */
export function splitVat(
  order: Pick<Order, 'total' | 'lines' | 'extras'>,
  { treatment, country }: { readonly treatment: VatTreatment; readonly country: string },
  table: VatTable,
): VatSplit {
  try {
    const { total } = order;
    const check = checkOrder(order);
    if (check.state === 'incomplete' || total === undefined) throw new Refusal('amounts-missing');
    const amounts = [...order.lines.map((line) => line.total), ...(order.extras ?? []).map((e) => e.amount)];
    if (amounts.some((amount) => amount?.currency !== total.currency)) throw new Refusal('currencies-differ');
    if (check.state === 'differs') throw new Refusal('totals-differ', [written(check.difference)]);
    const rateOf = rateFinder(treatment, country, table);
    const goods = order.lines.flatMap((line) => openLines(line, rateOf));
    const open = [...goods, ...(order.extras ?? []).flatMap((extra) => extraLines(extra, goods, treatment))];
    const lines = withVat(open);
    const totals = totalsOf(lines);
    // The same fact on another path: what was split must be what the buyer pays.
    if (totals.grossMinor !== total.amountMinor) {
      throw new Refusal('totals-differ', [
        written({ ...total, amountMinor: total.amountMinor - totals.grossMinor }),
      ]);
    }
    return { state: 'split', currency: total.currency, lines, totals };
  } catch (error) {
    if (error instanceof Refusal) return { state: 'refused', problem: error.problem, details: error.details };
    throw error;
  }
}

/** The sums of lines, per rate and over all; what is shown and exported is only ever computed here. */
export function totalsOf(lines: readonly ReceiptLine[]): ReceiptTotals {
  const groups = new Map<string, ReceiptTotals['byRate'][number]>();
  for (const { rateHundredths, nature, netMinor, vatMinor, grossMinor } of lines) {
    const key = rateKey({ rateHundredths, nature });
    const known = groups.get(key);
    groups.set(key, {
      rateHundredths,
      ...(nature === undefined ? {} : { nature }),
      netMinor: (known?.netMinor ?? 0) + netMinor,
      vatMinor: (known?.vatMinor ?? 0) + vatMinor,
      grossMinor: (known?.grossMinor ?? 0) + grossMinor,
    });
  }
  const byRate = [...groups.values()].sort((a, b) => b.rateHundredths - a.rateHundredths);
  return {
    grossMinor: sum(byRate.map((each) => each.grossMinor)),
    netMinor: sum(byRate.map((each) => each.netMinor)),
    vatMinor: sum(byRate.map((each) => each.vatMinor)),
    byRate,
  };
}

/** Whether the marketplace says that VAT was charged on an order. */
export function isVatCharged({ lines, extras = [] }: Pick<Order, 'lines' | 'extras'>): boolean {
  const rates = [...lines.map(({ vatRate }) => vatRate), ...extras.map(({ vatRate }) => vatRate)];
  return (
    rates.some((rate) => rate !== undefined && /[1-9]/.test(rate)) || lines.some((line) => taxOf(line) > 0)
  );
}

/** `"22.00"` → 2200; undefined for what is no rate. */
export function parseRate(text: string): number | undefined {
  const match = /^(\d{1,2})(?:\.(\d{1,2})0*)?$/.exec(text.trim());
  return match ? Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`) : undefined;
}

/** VAT contained in an amount: the amount less its taxable part, which is rounded half up (away from zero below it). */
export function vatContained(grossMinor: number, rateHundredths: number): number {
  const gross = BigInt(Math.abs(grossMinor));
  const whole = WHOLE + BigInt(rateHundredths);
  const net = (2n * gross * WHOLE + whole) / (2n * whole);
  const vat = Number(gross - net);
  return grossMinor < 0 && vat !== 0 ? -vat : vat;
}

/**
 * Hands an amount out in proportion to weights, to the unit: each gets its share rounded down, what is left goes to the
 * largest remainders. Without any weight the first gets everything.
 */
export function shareOut(amount: number, weights: readonly number[]): readonly number[] {
  const whole = sum(weights);
  if (whole === 0) return weights.map((_, at) => (at === 0 ? amount : 0));
  const exact = weights.map((weight) => BigInt(amount) * BigInt(weight));
  return roundTogether(exact, BigInt(whole), amount);
}

type RateFinder = (line: OrderLine) => Rate;

function rateFinder(treatment: VatTreatment, country: string, table: VatTable): RateFinder {
  const nature = NATURES[treatment];
  return (line) => {
    const named = line.sku ?? line.orderLineId;
    const stated = statedRate(line.vatRate, named);
    if (nature !== undefined) {
      if (stated !== undefined && stated > 0) throw new Refusal('vat-figures-differ', [named]);
      return { rateHundredths: 0, nature };
    }
    if (stated === 0) throw new Refusal('zero-rate-unexplained', [named]);
    const product = table.productRates.find((each) => each.sku === line.sku && each.country === country);
    const rate = stated ?? product?.rateHundredths ?? table.standardRates[country];
    if (rate === undefined) throw new Refusal('vat-rate-unknown', [named, country]);
    if (rate === 0) throw new Refusal('zero-rate-unexplained', [named]);
    return { rateHundredths: rate };
  };
}

function statedRate(text: string | undefined, named: string): number | undefined {
  if (text === undefined) return undefined;
  const rate = parseRate(text);
  if (rate === undefined || rate > RATE_MAX) throw new Refusal('vat-rate-unknown', [named, text]);
  return rate;
}

const COMPONENTS: Readonly<Record<string, ReceiptLineKind>> = {
  item: 'item',
  shipping: 'shipping',
  'gift-wrap': 'gift-wrap',
};

/** An order line as its parts: the goods with their discount, shipping, gift wrap and whatever else it names. */
function openLines(line: OrderLine, rateOf: RateFinder): OpenLine[] {
  const gross = line.total?.amountMinor;
  if (gross === undefined) throw new Refusal('amounts-missing', [line.orderLineId]);
  // Taken off the order before it was paid: nothing was sold.
  if (gross === 0 && line.quantityOrdered === 0) return [];
  const rate = rateOf(line);
  const { parts, discountMinor } = partsOf(line, gross);
  const stated = sum(parts.map(({ vatMinor }) => vatMinor ?? 0));
  // Marketplaces round the VAT of each piece: it may be off by a unit for each, and not by more.
  const off = Math.abs(stated - vatContained(gross, rate.rateHundredths));
  if (parts.some(({ vatMinor }) => vatMinor !== undefined) && off > line.quantityOrdered + parts.length) {
    throw new Refusal('vat-figures-differ', [line.sku ?? line.orderLineId]);
  }
  return parts.map(({ kind, grossMinor, vatMinor }, at) => {
    const goods = at === 0;
    return {
      kind,
      orderLineId: line.orderLineId,
      sku: line.sku,
      title: line.title,
      quantity: goods ? line.quantityOrdered : 1,
      unitGrossMinor: goods ? unitGross(line, grossMinor - discountMinor) : grossMinor,
      discountMinor: goods ? discountMinor : 0,
      grossMinor,
      rate,
      statedVatMinor: vatMinor,
    };
  });
}

interface Part {
  readonly kind: ReceiptLineKind;
  /** VAT included. */
  readonly grossMinor: number;
  /** As the marketplace states it. */
  readonly vatMinor: number | undefined;
}

/**
 * The parts of a line, the goods first. The tax a marketplace names is either part of the amounts beside it or comes on top
 * of them: which one, the line's total says. When neither makes it, the line is one amount.
 */
function partsOf(
  line: OrderLine,
  gross: number,
): { readonly parts: readonly Part[]; readonly discountMinor: number } {
  const discount = sum(line.breakdown.filter(({ kind }) => kind === 'discount').map(amountOf));
  const byKind = new Map<ReceiptLineKind, number>([['item', discount]]);
  for (const part of line.breakdown) {
    if (part.kind === 'discount' || part.kind === 'tax') continue;
    const kind = COMPONENTS[part.kind] ?? 'other';
    byKind.set(kind, (byKind.get(kind) ?? 0) + part.amount.amountMinor);
  }
  const amounts = [...byKind].filter(([kind, amount]) => kind === 'item' || amount !== 0);
  const tax = taxOf(line);
  const beside = sum(amounts.map(([, amount]) => amount));
  const isOnTop = tax !== 0 && beside + tax === gross;
  if (!isOnTop && beside !== gross) {
    return { parts: [{ kind: 'item', grossMinor: gross, vatMinor: undefined }], discountMinor: 0 };
  }
  const taxes = shareOut(
    tax,
    amounts.map(([, amount]) => Math.max(amount, 0)),
  );
  return {
    parts: amounts.map(([kind, amount], at) => ({
      kind,
      grossMinor: amount + (isOnTop ? (taxes[at] ?? 0) : 0),
      vatMinor: tax === 0 ? undefined : taxes[at],
    })),
    // Stated without tax it is no part of a price with tax.
    discountMinor: isOnTop ? 0 : Math.min(discount, 0),
  };
}

function unitGross(line: OrderLine, before: number): number | undefined {
  const { quantityOrdered, unitPrice } = line;
  if (unitPrice !== undefined && unitPrice.amountMinor * quantityOrdered === before)
    return unitPrice.amountMinor;
  return quantityOrdered > 0 && before % quantityOrdered === 0 ? before / quantityOrdered : undefined;
}

const EXTRA_KINDS: Readonly<Partial<Record<OrderExtra['kind'], ReceiptLineKind>>> = {
  shipping: 'shipping',
  discount: 'discount',
  adjustment: 'other',
  fee: 'other',
};

/** What stands on the order: at its own rate, or shared out over the rates of the goods. */
function extraLines(extra: OrderExtra, goods: readonly OpenLine[], treatment: VatTreatment): OpenLine[] {
  const kind = EXTRA_KINDS[extra.kind];
  if (kind === undefined) throw new Refusal('amount-unexplained', [extra.kind]);
  const lineOf = (grossMinor: number, rate: Rate): OpenLine => ({
    kind,
    quantity: 1,
    unitGrossMinor: grossMinor,
    discountMinor: 0,
    grossMinor,
    rate,
  });
  const stated = NATURES[treatment] === undefined ? statedRate(extra.vatRate, extra.kind) : undefined;
  if (stated === 0 && extra.amount.amountMinor !== 0)
    throw new Refusal('zero-rate-unexplained', [extra.kind]);
  if (stated !== undefined) return [lineOf(extra.amount.amountMinor, { rateHundredths: stated })];
  const groups = [...grouped(goods).values()];
  const shares = shareOut(
    extra.amount.amountMinor,
    groups.map((group) => Math.max(sum(group.map(({ grossMinor }) => grossMinor)), 0)),
  );
  return groups.flatMap(([first], at) => {
    const share = shares[at] ?? 0;
    return first === undefined || share === 0 ? [] : [lineOf(share, first.rate)];
  });
}

/** Each line with its VAT: the stated one, or its part of what the sum of its rate contains. */
function withVat(open: readonly OpenLine[]): readonly ReceiptLine[] {
  const vatOf = new Map<OpenLine, number>();
  for (const group of grouped(open).values()) {
    const computed = group.filter(({ statedVatMinor }) => statedVatMinor === undefined);
    const rate = computed[0]?.rate.rateHundredths ?? 0;
    const vat = vatContained(sum(computed.map(({ grossMinor }) => grossMinor)), rate);
    const shares = roundTogether(
      computed.map(({ grossMinor }) => BigInt(grossMinor) * BigInt(rate)),
      WHOLE + BigInt(rate),
      vat,
    );
    for (const [at, line] of computed.entries()) vatOf.set(line, shares[at] ?? 0);
  }
  return open.map((line, at) => {
    const { rate, statedVatMinor, ...shown } = line;
    const vatMinor = statedVatMinor ?? vatOf.get(line) ?? 0;
    return {
      lineNumber: at + 1,
      ...shown,
      netMinor: line.grossMinor - vatMinor,
      vatMinor,
      rateHundredths: rate.rateHundredths,
      ...(rate.nature === undefined ? {} : { nature: rate.nature }),
    };
  });
}

function grouped(lines: readonly OpenLine[]): Map<string, OpenLine[]> {
  const groups = new Map<string, OpenLine[]>();
  for (const line of lines) {
    const key = rateKey(line.rate);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return groups;
}

/** Fractions with one denominator, each rounded down or up, so that together they are `whole`. */
function roundTogether(numerators: readonly bigint[], denominator: bigint, whole: number): readonly number[] {
  const floors = numerators.map((numerator) => floorDivide(numerator, denominator));
  const left = whole - sum(floors);
  const byRemainder = numerators
    .map((numerator, at) => ({ at, remainder: numerator - BigInt(floors[at] ?? 0) * denominator }))
    .sort((a, b) => (a.remainder === b.remainder ? a.at - b.at : a.remainder > b.remainder ? -1 : 1));
  const raised = new Set(byRemainder.slice(0, left).map(({ at }) => at));
  return floors.map((floor, at) => (raised.has(at) ? floor + 1 : floor));
}

function floorDivide(numerator: bigint, denominator: bigint): number {
  const quotient = numerator / denominator;
  return Number(numerator % denominator < 0n ? quotient - 1n : quotient);
}

function written({ amountMinor, currency }: Money): string {
  return `${formatMinor(amountMinor, currency)} ${currency}`;
}

function taxOf(line: OrderLine): number {
  return sum(line.breakdown.filter(({ kind }) => kind === 'tax').map(amountOf));
}

function amountOf({ amount }: OrderLine['breakdown'][number]): number {
  return amount.amountMinor;
}

function rateKey({ rateHundredths, nature }: Rate): string {
  return `${rateHundredths}/${nature ?? ''}`;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
