import { type RemoteOrder, YOUNGEST_BOUND_MS } from './amazon.ts';
import {
  dateRangeFile,
  type Extras,
  localDay,
  type Movement,
  type PaymentFile,
  REFUSED_FILES,
  settlementFile,
} from './payment-files.ts';
import type { Random } from './random.ts';

const MINUTE_MS = 60_000;
const SETTLEMENTS = ['25000000001', '25000000002', '25000000003'] as const;
const DAYS = ['2026-11-19', '2026-11-20', '2026-11-21'] as const;
/** In files, and never on Amazon: their rows wait for ever. */
const NEVER_ORDERED = ['404-9000001-0000001', '404-9000002-0000002'] as const;

export interface PlannedUpload {
  readonly atMs: number;
  readonly objectKey: string;
  readonly file: PaymentFile;
}

/** What a person puts into the bucket: first versions, corrections, going back, the same again, exports that overlap. */
export function planUploads(
  random: Random,
  startMs: number,
  activeMs: number,
  orders: readonly RemoteOrder[],
): PlannedUpload[] {
  const choices = random.for('uploads');
  const money = new Bookkeeping(choices, orders, startMs, activeMs);
  const uploads: PlannedUpload[] = [];
  let atMs = startMs + choices.int(0, activeMs / 2);
  const count = choices.int(6, 24);
  for (let number = 1; number <= count && atMs <= startMs + activeMs; number++) {
    const earlier = uploads.length > 0 ? choices.pick(uploads) : undefined;
    uploads.push({ atMs, ...nextUpload(choices, money, earlier, number, atMs) });
    if (choices.chance(0.35)) {
      atMs += choices.int(1, 40) * 1000;
      const file = money.corrected();
      const last = uploads.at(-1);
      // Some save the corrected file under the name of the first one.
      const overwrites = last && last.file.units[0] === file.units[0] && choices.chance(0.3);
      uploads.push({ atMs, objectKey: overwrites ? last.objectKey : keyOf(`corrected ${number}`), file });
    }
    // A person uploads several files in a minute and then none for an hour; two may come in one second.
    const pause = choices.pick(['none', 'none', 'short', 'long'] as const);
    if (pause === 'none') atMs += choices.int(0, 8) * 1000;
    else if (pause === 'short') atMs += choices.int(0, 120) * 1000;
    else atMs += choices.int(2, 40) * MINUTE_MS;
  }
  // Some files come just when one of their orders can first be pulled.
  for (const { marketplaceOrderId, versions } of orders) {
    const [first] = versions;
    if (first === undefined || !choices.chance(0.15)) continue;
    uploads.push({
      atMs: Math.max(startMs, first.updatedMs + YOUNGEST_BOUND_MS + choices.int(-5_000, 20_000)),
      objectKey: keyOf(`with ${marketplaceOrderId}`),
      file: money.settlementWith(marketplaceOrderId),
    });
  }
  return uploads;
}

function keyOf(name: string): string {
  return `payment-reports/amazon-it/${name}.txt`;
}

function nextUpload(
  choices: Random,
  money: Bookkeeping,
  earlier: PlannedUpload | undefined,
  number: number,
  atMs: number,
): Pick<PlannedUpload, 'objectKey' | 'file'> {
  const channelId = choices.pick(['amazon-it', 'amazon-it', 'amazon-de']);
  const objectKey = `payment-reports/${channelId}/${choices.pick(['report', 'estratto più nuovo', 'a+b (2)'])} ${number}.txt`;
  const way = choices.int(1, 100);
  if (way <= 4) return { objectKey, file: choices.pick(REFUSED_FILES) };
  if (way <= 7)
    return { objectKey: objectKey.replace(channelId, 'no-such-channel'), file: money.settlement() };
  if (way <= 27 && earlier !== undefined) return { objectKey, file: earlier.file };
  if (way <= 57) return { objectKey, file: money.dateRange(atMs) };
  if (way <= 80) money.correct();
  return { objectKey, file: money.settlement() };
}

/** What Amazon knows of the money, and how it changes its mind about it. */
class Bookkeeping {
  readonly #choices: Random;
  readonly #extras: Extras;
  #movements: readonly Movement[];
  #lastSettlement: string;
  #lastFormat: 'settlement-v2' | 'settlement-v1' = 'settlement-v2';

  constructor(choices: Random, orders: readonly RemoteOrder[], startMs: number, activeMs: number) {
    this.#choices = choices;
    this.#lastSettlement = choices.pick(SETTLEMENTS);
    const maybe = (minor: number): number | undefined => (choices.chance(0.5) ? minor : undefined);
    this.#extras = {
      accountFee: maybe(-3900),
      otherChannelFee: maybe(-512),
      unknownWord: maybe(77),
      unreadableRow: choices.chance(0.3),
    };
    const ids = [...orders.map(({ marketplaceOrderId }) => marketplaceOrderId), ...NEVER_ORDERED];
    this.#movements = ids.flatMap((id) => {
      const movements: Movement[] = [];
      if (choices.chance(0.75)) movements.push(this.#movement(id, 'sale', startMs, activeMs));
      if (choices.chance(0.25)) movements.push(this.#movement(id, 'refund', startMs, activeMs));
      return movements;
    });
  }

  /** A file of one settlement as it is now; most often of the one that was last spoken of. */
  settlement(): PaymentFile {
    const choices = this.#choices;
    if (choices.chance(0.4)) this.#lastSettlement = choices.pick(SETTLEMENTS);
    this.#lastFormat = choices.chance(0.75) ? 'settlement-v2' : 'settlement-v1';
    return this.#file();
  }

  /** A settlement that pays an order, if one does. */
  settlementWith(marketplaceOrderId: string): PaymentFile {
    const paid = this.#movements.find((movement) => movement.marketplaceOrderId === marketplaceOrderId);
    if (paid) this.#lastSettlement = paid.settlementId;
    return this.#file();
  }

  /** The settlement that was last spoken of, corrected. */
  corrected(): PaymentFile {
    this.correct();
    return this.#file();
  }

  #file(): PaymentFile {
    const choices = this.#choices;
    const [settlementId, format] = [this.#lastSettlement, this.#lastFormat];
    const movements = this.#movements.filter((movement) => movement.settlementId === settlementId);
    return settlementFile(format, settlementId, choices.shuffle(movements), this.#extras);
  }

  /** An export of some days, which may be cut in the middle of the last one. */
  dateRange(atMs: number): PaymentFile {
    const choices = this.#choices;
    const site = choices.pick(['it', 'it', 'de'] as const);
    const first = choices.int(0, DAYS.length - 1);
    const days: readonly string[] = DAYS.slice(first, choices.int(first + 1, DAYS.length));
    const exported = this.#movements
      .filter((movement) => movement.site === site && days.includes(localDay(movement.at)))
      .sort((a, b) => (a.at < b.at ? -1 : 1));
    const kept = choices.chance(0.3) ? exported.slice(0, -choices.int(1, 3)) : exported;
    return dateRangeFile(site, kept, this.#extras, atMs);
  }

  /** Amazon issues a settlement anew: an order vanishes from it, one is added, an amount changes. */
  correct(): void {
    const choices = this.#choices;
    const settlementId = this.#lastSettlement;
    const own = this.#movements.filter((movement) => movement.settlementId === settlementId);
    if (own.length === 0) return;
    const chosen = choices.pick(own);
    const rest = this.#movements.filter((movement) => movement !== chosen);
    const way = choices.int(1, 4);
    if (way <= 2) this.#movements = rest;
    else if (way === 3)
      this.#movements = [...rest, { ...chosen, commission: chosen.commission + choices.int(1, 99) }];
    else {
      const other = choices.pick(this.#movements);
      const moved = { ...other, settlementId, price: other.price + choices.int(1, 99) };
      this.#movements = [...this.#movements.filter((movement) => movement !== other), moved];
    }
  }

  #movement(
    marketplaceOrderId: string,
    kind: 'sale' | 'refund',
    startMs: number,
    activeMs: number,
  ): Movement {
    const choices = this.#choices;
    const price = choices.int(500, 9000);
    const hour = String(choices.int(0, 23)).padStart(2, '0');
    const deferred = choices.chance(0.3);
    return {
      ...{ marketplaceOrderId, kind, price },
      settlementId: choices.pick(SETTLEMENTS),
      site: choices.pick(['it', 'it', 'de'] as const),
      at: `${choices.pick(DAYS.slice(0, 2))}T${hour}:30:00Z`,
      tax: choices.chance(0.3) ? choices.int(1, 900) : 0,
      discount: choices.chance(0.2) ? choices.int(1, 300) : 0,
      commission: choices.int(50, 1500),
      fba: choices.chance(0.4) ? choices.int(100, 500) : 0,
      releasedAtMs: deferred ? startMs + choices.int(0, activeMs) : startMs,
    };
  }
}
