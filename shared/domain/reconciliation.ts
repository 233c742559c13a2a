import type { EntryMoney, LedgerEntry } from './ledger.ts';
import {
  type Component,
  FEE_GROUPS,
  type FeeGroup,
  type ReadFacts,
  type RejectReason,
  type ReportFormat,
  ROW_CLASS_COUNT,
  type RowClass,
  rowClass,
  type Side,
  type Statement,
  type StatementHandle,
  type StatementSink,
} from './statement.ts';

/** Where a row of a payment file can end up; every row is in exactly one. */
export const BUCKETS = ['order', 'account', 'waiting', 'otherChannel', 'unclassified', 'rejected'] as const;
export type Bucket = (typeof BUCKETS)[number];

export interface BucketTotal {
  readonly rows: number;
  readonly amountMinor: number;
}

/** Rows outside orders, summed under what the file calls them. */
export interface LabelTotal extends BucketTotal {
  readonly label: string;
}

export interface RejectedRow {
  readonly line: number;
  readonly reason: RejectReason;
}

export interface UnclassifiedRow {
  readonly line: number;
  readonly label: string;
  readonly amountMinor: number;
}

/** The whole of one file, every row accounted for. Amounts in minor units of `currency`, as charged. */
export interface FileReconciliation {
  readonly format: ReportFormat;
  readonly language: string;
  readonly settlementIds: readonly string[];
  readonly currency: string;
  readonly rows: number;
  readonly control: {
    /** What the file itself states, or null where it states nothing. */
    readonly statedMinor: number | null;
    readonly computedMinor: number;
    readonly balanced: boolean | null;
  };
  readonly buckets: Readonly<Record<Bucket, BucketTotal>>;
  /** Fees of all orders in the file: known, waiting and other channels'. */
  readonly fees: Readonly<Record<FeeGroup, number>>;
  readonly accountLines: readonly LabelTotal[];
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
  readonly unclassified: readonly UnclassifiedRow[];
  readonly notices: ReadFacts['notices'];
}

/** How many rejected and unclassified rows are kept with their line; the counts and sums are always whole. */
const LISTED_ROWS_MAX = 1000;
/** Different names of account rows that are told apart; a file with more is not one we understand. */
const LABELS_MAX = 1000;
const REST_LABEL = '…';

/** Orders per page of sums: pages are never copied, so memory grows with the orders and nothing else. */
const PAGE_BITS = 12;
const PAGE_SLOTS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_SLOTS - 1;
/**
 * Separate runs of lines kept per order; the rows in between further ones are covered by the last. Orders whose rows
 * are spread over a whole file are rare, and their lines must not outgrow their sums.
 */
const RUNS_MAX = 32;
/** Per slot: rows, first and last line of the current run. */
const META = 3;

const UNCLASSIFIED = [rowClass('unclassified', 'sale'), rowClass('unclassified', 'reversal')] as const;
/** Orders of the seller's other sales channels that Amazon ships (multi-channel fulfilment): `S01-…`, `S02-…`. */
const OTHER_CHANNEL = /^S\d{2}-/i;

/** True for an order of another sales channel: Amazon charges for shipping it, but it is not in Amazon's orders. */
export function isOtherChannel(marketplaceOrderId: string): boolean {
  return OTHER_CHANNEL.test(marketplaceOrderId);
}

/** What an entry takes from its file as a whole. */
export interface EntryOrigin {
  readonly format: ReportFormat;
  readonly currency: string;
  readonly reportId: string;
  /** Rank per unit; see `unitRank`. */
  readonly ranks: ReadonlyMap<string, string>;
}

interface StatementState {
  readonly statement: Statement;
  readonly slots: Map<string, number>;
  /** Rows outside its orders, so that a change among them is a change of the statement. */
  readonly outside: Tally;
}

class Tally {
  rows = 0;
  amountMinor = 0;
  add(amountMinor: number): void {
    this.rows++;
    this.amountMinor += amountMinor;
  }
}

/**
 * Takes the rows of one file from a reader and keeps exact sums per order and bucket, in memory that grows with
 * the number of orders, not of rows. `finish` proves that nothing was lost.
 */
export class Reconciliation implements StatementSink {
  readonly #statements: StatementState[] = [];
  readonly #handles = new Map<string, StatementHandle>();
  readonly #sums: Float64Array[] = [];
  readonly #meta: Int32Array[] = [];
  /** Earlier runs of lines of orders whose rows are not contiguous: first, last, first, last, … */
  readonly #earlierRuns = new Map<number, number[]>();
  #slotCount = 0;
  #lastHandle = -1;
  #lastOrderId = '';
  #lastSlot = -1;

  readonly #account = new Tally();
  readonly #unclassified = new Tally();
  readonly #rejectedTally = new Tally();
  readonly #labels = new Map<string, Tally>();
  readonly #rejected: RejectedRow[] = [];
  readonly #unclassifiedRows: UnclassifiedRow[] = [];
  #rows = 0;
  #totalMinor = 0;

  statement(statement: Statement): StatementHandle {
    const key = `${statement.settlementId}|${statement.marketplace}|${statement.day}|${statement.released}`;
    let handle = this.#handles.get(key);
    if (handle === undefined) {
      handle = this.#statements.length;
      this.#handles.set(key, handle);
      this.#statements.push({ statement, slots: new Map(), outside: new Tally() });
    }
    return handle;
  }

  row(
    handle: StatementHandle,
    cls: RowClass,
    orderId: string,
    amountMinor: number,
    line: number,
    label: string,
  ): void {
    this.#rows++;
    this.#totalMinor += amountMinor;
    if (orderId === '' || cls === UNCLASSIFIED[0] || cls === UNCLASSIFIED[1]) {
      this.#outsideOrders(handle, cls, amountMinor, line, label);
      return;
    }
    const slot = this.#slot(handle, orderId);
    const page = this.#sums[slot >>> PAGE_BITS] as Float64Array;
    const at = (slot & PAGE_MASK) * ROW_CLASS_COUNT + cls;
    page[at] = (page[at] as number) + amountMinor;
    this.#countRow(slot, line);
  }

  rowParts(
    handle: StatementHandle,
    classes: readonly RowClass[],
    amounts: readonly number[],
    count: number,
    orderId: string,
    line: number,
    label: string,
  ): void {
    let total = 0;
    let unclassified = false;
    for (let i = 0; i < count; i++) {
      total += amounts[i] as number;
      if (classes[i] === UNCLASSIFIED[0] || classes[i] === UNCLASSIFIED[1]) unclassified = true;
    }
    this.#rows++;
    this.#totalMinor += total;
    if (orderId === '' || unclassified) {
      this.#outsideOrders(handle, unclassified ? UNCLASSIFIED[0] : 0, total, line, label);
      return;
    }
    const slot = this.#slot(handle, orderId);
    const page = this.#sums[slot >>> PAGE_BITS] as Float64Array;
    const base = (slot & PAGE_MASK) * ROW_CLASS_COUNT;
    for (let i = 0; i < count; i++) {
      const at = base + (classes[i] as number);
      page[at] = (page[at] as number) + (amounts[i] as number);
    }
    this.#countRow(slot, line);
  }

  reject(line: number, reason: RejectReason, amountMinor: number | null): void {
    this.#rows++;
    this.#totalMinor += amountMinor ?? 0;
    this.#rejectedTally.add(amountMinor ?? 0);
    if (this.#rejected.length < LISTED_ROWS_MAX) this.#rejected.push({ line, reason });
  }

  /** Every order id in the file, each once, in order of first appearance. */
  *orderIds(): Generator<string> {
    if (this.#statements.length === 1) {
      yield* (this.#statements[0] as StatementState).slots.keys();
      return;
    }
    const seen = new Set<string>();
    for (const { slots } of this.#statements) {
      for (const id of slots.keys()) {
        if (seen.has(id)) continue;
        seen.add(id);
        yield id;
      }
    }
  }

  /** The ledger entries that this file holds for one order: one per statement it appears in. */
  entriesOf(marketplaceOrderId: string, origin: EntryOrigin): LedgerEntry[] {
    const entries: LedgerEntry[] = [];
    for (const { statement, slots } of this.#statements) {
      const slot = slots.get(marketplaceOrderId);
      if (slot !== undefined) entries.push(this.#entry(statement, slot, origin));
    }
    return entries;
  }

  /** The parts of the file that are replaced as one, with what is needed to compare two uploads of them. */
  units(format: ReportFormat): StatementUnit[] {
    const units = new Map<string, { rows: number; outsideMinor: number; low: number; high: number }>();
    for (const state of this.#statements) {
      const key = unitKey({ source: format, ...state.statement });
      const unit = units.get(key) ?? { rows: 0, outsideMinor: 0, low: 0, high: 0 };
      units.set(key, unit);
      for (const [orderId, slot] of state.slots) {
        unit.rows += (this.#meta[slot >>> PAGE_BITS] as Int32Array)[(slot & PAGE_MASK) * META] as number;
        const [low, high] = this.#fingerprint(state.statement, orderId, slot);
        unit.low = (unit.low + low) >>> 0;
        unit.high = (unit.high + high) >>> 0;
      }
      unit.rows += state.outside.rows;
      unit.outsideMinor += state.outside.amountMinor;
    }
    return [...units].map(([key, { rows, outsideMinor, low, high }]) => ({
      key,
      rows,
      fingerprint: `${rows}/${outsideMinor}/${low.toString(16)}/${high.toString(16)}`,
    }));
  }

  /**
   * Closes the file.
   * @param isKnown whether an order has been pulled already; its rows wait otherwise
   * @throws Error when the buckets do not add up to the sum of all rows: a fault in here, never in the file
   */
  finish(facts: ReadFacts, isKnown: (marketplaceOrderId: string) => boolean): FileReconciliation {
    const order = new Tally();
    const waiting = new Tally();
    const otherChannel = new Tally();
    const fees = Object.fromEntries(FEE_GROUPS.map((group) => [group, 0])) as Record<FeeGroup, number>;
    for (const { slots } of this.#statements) {
      for (const [orderId, slot] of slots) {
        const sums = this.#sums[slot >>> PAGE_BITS] as Float64Array;
        const base = (slot & PAGE_MASK) * ROW_CLASS_COUNT;
        const tally = isOtherChannel(orderId) ? otherChannel : isKnown(orderId) ? order : waiting;
        tally.rows += (this.#meta[slot >>> PAGE_BITS] as Int32Array)[(slot & PAGE_MASK) * META] as number;
        for (let i = 0; i < ROW_CLASS_COUNT; i++) tally.amountMinor += sums[base + i] as number;
        for (const group of FEE_GROUPS) {
          fees[group] +=
            (sums[base + rowClass(group, 'sale')] as number) +
            (sums[base + rowClass(group, 'reversal')] as number);
        }
      }
    }
    const tallies: Record<Bucket, Tally> = {
      order,
      account: this.#account,
      waiting,
      otherChannel,
      unclassified: this.#unclassified,
      rejected: this.#rejectedTally,
    };
    const buckets = Object.fromEntries(
      BUCKETS.map((bucket) => [
        bucket,
        { rows: tallies[bucket].rows, amountMinor: tallies[bucket].amountMinor },
      ]),
    ) as Record<Bucket, BucketTotal>;
    const rows = BUCKETS.reduce((sum, bucket) => sum + buckets[bucket].rows, 0);
    const computedMinor = BUCKETS.reduce((sum, bucket) => sum + buckets[bucket].amountMinor, 0);
    if (rows !== this.#rows || computedMinor !== this.#totalMinor || !Number.isSafeInteger(computedMinor)) {
      throw new Error(
        `conservation broken: ${this.#rows} rows of ${this.#totalMinor} in, ${rows} rows of ${computedMinor} out`,
      );
    }
    const stated = [...facts.statedBySettlement.values()];
    const statedMinor = stated.length === 0 ? null : stated.reduce((sum, minor) => sum + minor, 0);
    return {
      format: facts.format,
      language: facts.language,
      settlementIds: [...new Set(this.#statements.map((state) => state.statement.settlementId))]
        .filter((id) => id !== '')
        .sort(),
      currency: facts.currency,
      rows,
      control: {
        statedMinor,
        computedMinor,
        balanced: statedMinor === null ? null : statedMinor === computedMinor,
      },
      buckets,
      fees,
      accountLines: [...this.#labels].map(([label, tally]) => ({
        label,
        rows: tally.rows,
        amountMinor: tally.amountMinor,
      })),
      rejected: this.#rejected,
      rejectedCount: this.#rejectedTally.rows,
      unclassified: this.#unclassifiedRows,
      notices: facts.notices,
    };
  }

  #outsideOrders(
    handle: StatementHandle,
    cls: RowClass,
    amountMinor: number,
    line: number,
    label: string,
  ): void {
    (this.#statements[handle] as StatementState).outside.add(amountMinor);
    if (cls === UNCLASSIFIED[0] || cls === UNCLASSIFIED[1]) {
      this.#unclassified.add(amountMinor);
      if (this.#unclassifiedRows.length < LISTED_ROWS_MAX)
        this.#unclassifiedRows.push({ line, label, amountMinor });
      return;
    }
    this.#account.add(amountMinor);
    const name = this.#labels.has(label) || this.#labels.size < LABELS_MAX ? label : REST_LABEL;
    let tally = this.#labels.get(name);
    if (tally === undefined) {
      tally = new Tally();
      this.#labels.set(name, tally);
    }
    tally.add(amountMinor);
  }

  /** The slot of an order in a statement. */
  #slot(handle: StatementHandle, orderId: string): number {
    if (orderId === this.#lastOrderId && handle === this.#lastHandle) return this.#lastSlot;
    const { slots } = this.#statements[handle] as StatementState;
    let slot = slots.get(orderId);
    if (slot === undefined) {
      slot = this.#slotCount++;
      if ((slot & PAGE_MASK) === 0) {
        this.#sums.push(new Float64Array(PAGE_SLOTS * ROW_CLASS_COUNT));
        this.#meta.push(new Int32Array(PAGE_SLOTS * META));
      }
      slots.set(orderId, slot);
    }
    this.#lastHandle = handle;
    this.#lastOrderId = orderId;
    this.#lastSlot = slot;
    return slot;
  }

  #countRow(slot: number, line: number): void {
    const meta = this.#meta[slot >>> PAGE_BITS] as Int32Array;
    const at = (slot & PAGE_MASK) * META;
    const rows = (meta[at] as number) + 1;
    meta[at] = rows;
    if (rows > 1 && line === (meta[at + 2] as number) + 1) {
      meta[at + 2] = line;
      return;
    }
    if (rows > 1) {
      const runs = this.#earlierRuns.get(slot) ?? [];
      if (runs.length >= 2 * (RUNS_MAX - 1)) {
        meta[at + 2] = line;
        return;
      }
      runs.push(meta[at + 1] as number, meta[at + 2] as number);
      this.#earlierRuns.set(slot, runs);
    }
    meta[at + 1] = line;
    meta[at + 2] = line;
  }

  #entry(statement: Statement, slot: number, origin: EntryOrigin): LedgerEntry {
    const sums = this.#sums[slot >>> PAGE_BITS] as Float64Array;
    const base = (slot & PAGE_MASK) * ROW_CLASS_COUNT;
    const sum = (component: Component, side: Side): number =>
      sums[base + rowClass(component, side)] as number;
    const feesOn = (side: Side): Partial<Record<FeeGroup, number>> => {
      const fees: Partial<Record<FeeGroup, number>> = {};
      for (const group of FEE_GROUPS) {
        const minor = sum(group, side);
        if (minor !== 0) fees[group] = minor;
      }
      return fees;
    };
    const money = (side: Side): EntryMoney => ({
      price: sum('price', side),
      tax: sum('tax', side),
      discount: sum('discount', side),
      taxWithheld: sum('taxWithheld', side),
    });
    const meta = this.#meta[slot >>> PAGE_BITS] as Int32Array;
    const at = (slot & PAGE_MASK) * META;
    const lines: [number, number][] = [];
    const earlier = this.#earlierRuns.get(slot) ?? [];
    for (let i = 0; i < earlier.length; i += 2) lines.push([earlier[i] as number, earlier[i + 1] as number]);
    lines.push([meta[at + 1] as number, meta[at + 2] as number]);
    const both = (component: Component): number => sum(component, 'sale') + sum(component, 'reversal');
    return {
      source: origin.format,
      settlementId: statement.settlementId,
      marketplace: statement.marketplace,
      day: statement.day,
      released: statement.released,
      currency: origin.currency,
      fees: { sale: feesOn('sale'), reversal: feesOn('reversal') },
      sale: money('sale'),
      reversal: money('reversal'),
      // An account word on a row with an order id is still this order's money: it counts as its other cost.
      orderCost: both('orderCost') + both('accountCost') + both('balance'),
      reimbursement: both('reimbursement'),
      reportId: origin.reportId,
      rows: meta[at] as number,
      lines,
      rank: origin.ranks.get(unitKey({ source: origin.format, ...statement })) ?? '',
    };
  }

  /** Two 32-bit hashes of what a statement says of an order; added up over orders, so row order does not matter. */
  #fingerprint(statement: Statement, orderId: string, slot: number): [number, number] {
    let low = 0x811c9dc5;
    let high = 0x9747b28c;
    const mix = (value: number): void => {
      low = Math.imul(low ^ value, 0x01000193);
      high = Math.imul(high ^ (value + (low >>> 13)), 0x5bd1e995);
    };
    const text = `${statement.settlementId}|${statement.released}|${orderId}`;
    for (let i = 0; i < text.length; i++) mix(text.charCodeAt(i));
    const sums = this.#sums[slot >>> PAGE_BITS] as Float64Array;
    const base = (slot & PAGE_MASK) * ROW_CLASS_COUNT;
    for (let i = 0; i < ROW_CLASS_COUNT; i++) {
      const minor = sums[base + i] as number;
      if (minor === 0) continue;
      mix(i);
      mix(minor | 0);
      mix(Math.floor(minor / 2 ** 32));
    }
    return [low >>> 0, high >>> 0];
  }
}

/** A part of a file that a later upload replaces as a whole. */
export interface StatementUnit {
  readonly key: string;
  readonly rows: number;
  /** Equal for equal contents, whatever the order of the rows. */
  readonly fingerprint: string;
}

/**
 * What an entry is replaced with: a settlement whole; in date-range files a marketplace's day, whichever
 * settlement its rows name, because a deferred row names another one once it is released.
 */
export function unitKey(entry: {
  source: ReportFormat;
  settlementId: string;
  marketplace: string;
  day: string;
}): string {
  return entry.source === 'date-range'
    ? `date-range|${entry.marketplace}|${entry.day}`
    : `${entry.source}|${entry.settlementId}`;
}

/**
 * Orders two uploads of the same unit; the higher one stands. Of a settlement the newest upload wins. Of a
 * marketplace's day the one with more rows wins first: an export can be cut in the middle of its last day, and a
 * shorter export never deletes.
 * @param uploadedAt ISO instant, second precision, so that a listing and an event agree on it
 */
export function unitRank(
  format: ReportFormat,
  unit: StatementUnit,
  uploadedAt: string,
  reportId: string,
): string {
  const upload = `${uploadedAt}#${reportId}`;
  return format === 'date-range' ? `${String(unit.rows).padStart(10, '0')}#${upload}` : upload;
}
