import { DEMO_ACCOUNT } from '../../../local/partners/amazon/demo-shop.ts';
import { DEMO_MANOMANO } from '../../../local/partners/manomano/demo-shop.ts';
import { createBuiltInIssuer } from '../../../shared/adapters/built-in-issuer/issuer.ts';
import { type OrderId, orderId } from '../../../shared/domain/order.ts';
import { receiptId } from '../../../shared/domain/receipt.ts';
import type { ReceiptUpload, ReceiptUploadJob } from '../../../shared/domain/receipt-upload.ts';
import type { ReceiptPage } from '../../../shared/ports/receipt-renderer.ts';
import { createAllowance } from '../../../shared/usecases/allowance.ts';
import { issueReceipts } from '../../../shared/usecases/issue-receipts.ts';
import { planReceiptUploads, type UploadMarketplace } from '../../../shared/usecases/plan-receipt-uploads.ts';
import { retryUpload, waitingUploads } from '../../../shared/usecases/receipt-uploads-for-people.ts';
import { requestReceiptUpload } from '../../../shared/usecases/request-receipt-upload.ts';
import { type UploadReceiptDeps, uploadReceipt } from '../../../shared/usecases/upload-receipt.ts';
import { anAccount } from '../../support/accounts.ts';
import { MemoryAccountStore } from '../../support/memory/account-store.ts';
import { MemoryActivityLog } from '../../support/memory/activity-log.ts';
import { MemoryJobQueue } from '../../support/memory/job-queue.ts';
import { MemoryQuotaStore } from '../../support/memory/quota-store.ts';
import { ReceiptWorld, receiptChannel } from '../../support/receipt-world.ts';
import { Random } from '../random.ts';
import { SimulationFailure } from '../scheduler.ts';
import { amazonMarket, type Market, manomanoMarket } from './markets.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CHANNEL = 'shop-it';
const START_MS = Date.parse('2026-11-23T06:00:00Z');
/** ManoMano's documented limit, over every operation of a key; Amazon's stand-in counts for itself. */
const CALLS_PER_HOUR = 250;
const PULLED_EVERY_MINUTES = 4;
const BULK_ORDERS = 100;
/** A person looks at what failed this often. */
const PERSON_LOOKS_EVERY_MINUTES = 30;

/** What a story is made of. */
export interface ReceiptPlan {
  /** Receipts issued in each minute from the start, by its number. */
  readonly issuedAtMinute: ReadonlyMap<number, number>;
  /** How often a call meets trouble, a message is lost or comes twice, a worker dies; between 0 and 1. */
  readonly faults: number;
}

/** All receipts at one moment, as when automatic issuing is switched on for a shop's past. */
export function atOnce(receipts: number, faults: number): ReceiptPlan {
  return { issuedAtMinute: new Map([[0, receipts]]), faults };
}

/** A working day: some every few minutes, and two times a batch of them. */
export function day(receipts: number, batch: number, faults: number): ReceiptPlan {
  const single = receipts - 2 * batch;
  const minutes = new Map([
    [3 * 60, batch],
    [11 * 60, batch],
  ]);
  for (let n = 0; n < single; n += 1) {
    const minute = Math.floor((n * 14 * 60) / single);
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
  }
  return { issuedAtMinute: minutes, faults };
}

export interface ReceiptFigures {
  readonly receipts: number;
  readonly uploaded: number;
  /** Documents that are there twice. */
  readonly doubled: number;
  readonly seenByAPerson: number;
  /** From issue to upload, of those that went by themselves; in minutes. */
  readonly p95Minutes: number;
  readonly hours: number;
  /** As it was shown right after the last was issued. */
  readonly predictedHours: number;
  readonly busiestHour: number;
  readonly throttledByThem: number;
  readonly pullsHeldUp: number;
}

/**
 * A shop's receipts on their way to a marketplace: the real use cases and adapter, its stand-in with its limit of calls,
 * a queue that loses and doubles messages, workers that die, and a person who looks at what failed. Time is a number.
 */
export class ReceiptUploadWorld {
  readonly #plan: ReceiptPlan;
  readonly #seed: number;
  readonly #random: Random;
  readonly #shop: ReceiptWorld;
  readonly #market: Market;
  readonly #quota = new MemoryQuotaStore();
  readonly #queue = new MemoryJobQueue<ReceiptUploadJob>();
  readonly #accounts = new MemoryAccountStore();
  readonly #activities = new MemoryActivityLog();
  readonly #calledAtMs: number[] = [];
  readonly #acceptedAtMs = new Map<OrderId, number>();
  readonly #issuedAtMs = new Map<OrderId, number>();
  readonly #seen = new Set<OrderId>();
  #throttled = 0;
  #refused = 0;
  #busiestHour = 0;
  #pullsHeldUp = 0;
  #step = 0;

  constructor(seed: number, plan: ReceiptPlan, marketplace: UploadMarketplace = 'manomano') {
    this.#seed = seed;
    this.#plan = plan;
    this.#random = new Random(seed, 'receipts');
    const clock = { now: () => this.#shop.nowMs };
    const channel = receiptChannel({
      ...{ channelId: CHANNEL, name: CHANNEL, marketplace },
      accountId: marketplace === 'manomano' ? DEMO_MANOMANO.accountId : DEMO_ACCOUNT.sellerId,
    });
    this.#shop = new ReceiptWorld({ channels: [channel] });
    this.#shop.nowMs = START_MS;
    this.#market = marketplace === 'manomano' ? manomanoMarket(clock) : amazonMarket(clock);
  }

  async run(): Promise<ReceiptFigures> {
    const reached = globalThis.fetch;
    globalThis.fetch = this.#network(this.#market.fetch);
    try {
      await this.#accounts.putAccount(anAccount(this.#account), 0);
      return await this.#tell();
    } finally {
      globalThis.fetch = reached;
    }
  }

  async #tell(): Promise<ReceiptFigures> {
    const lastIssue = Math.max(...this.#plan.issuedAtMinute.keys());
    const total = [...this.#plan.issuedAtMinute.values()].reduce((sum, count) => sum + count, 0);
    let predictedMs = 0;
    let minute = 0;
    for (; minute <= lastIssue || (await this.#open()) > 0; minute += 1) {
      this.#step = minute;
      if (minute > lastIssue + 40 * 24 * 60)
        this.#fail('every upload ends', `${await this.#open()} are open`);
      await this.#issue(this.#plan.issuedAtMinute.get(minute) ?? 0);
      if (minute === lastIssue) predictedMs = await this.#predictedMs();
      if (minute % PULLED_EVERY_MINUTES === 0) await this.#pull();
      await planReceiptUploads({ ...this.#planning, ...this.#shop });
      await this.#work();
      if (minute % PERSON_LOOKS_EVERY_MINUTES === 0) await this.#look();
      this.#shop.nowMs += MINUTE_MS;
      await this.#check();
    }
    return this.#figures(total, minute, predictedMs);
  }

  /** Bulk by bulk, as people and schedules do; then the news of each goes to whoever uploads. */
  async #issue(count: number): Promise<void> {
    const requests: { readonly orderId: OrderId; readonly requestedBy: string }[] = [];
    for (let n = 0; n < count; n += 1) requests.push({ orderId: await this.#sell(), requestedBy: 'system' });
    for (let at = 0; at < requests.length; at += BULK_ORDERS) {
      const outcomes = await issueReceipts(this.#issuing, requests.slice(at, at + BULK_ORDERS));
      const refused = outcomes.find(({ outcome }) => outcome !== 'issued');
      if (refused !== undefined) this.#fail('every receipt is issued', JSON.stringify(refused));
    }
    for (const { job } of this.#shop.issued.sent.splice(0)) {
      const times = this.#random.chance(this.#plan.faults) ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        await requestReceiptUpload({ ...this.#shop, ...this.#planning }, job.receiptId);
      }
    }
  }

  async #sell(): Promise<OrderId> {
    const { marketplace, accountId, siteId } = this.#market;
    const sold = this.#market.sell(this.#issuedAtMs.size + 1);
    const id = orderId(marketplace, sold.marketplaceOrderId);
    this.#issuedAtMs.set(id, this.#shop.nowMs);
    const order = { orderId: id, channelId: CHANNEL, status: 'shipped', ...sold } as const;
    await this.#shop.sold({ ...order, marketplace, accountId, siteId });
    return id;
  }

  /** What is in the queue, some of it lost or twice, by workers some of which die. */
  async #work(): Promise<void> {
    for (const { job } of this.#queue.sent.splice(0)) {
      if (this.#random.chance(this.#plan.faults)) continue;
      const times = this.#random.chance(this.#plan.faults) ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        const remainingMs = this.#random.chance(this.#plan.faults) ? 5_000 : 175_000;
        const uploaded = await uploadReceipt(this.#uploading, job, () => remainingMs);
        if (uploaded.reason === 'throttled') this.#throttled += this.#refusedCalls();
        if (uploaded.outcome === 'accepted') {
          this.#acceptedAtMs.set(orderOf(job.receiptId), this.#shop.nowMs);
        }
      }
    }
  }

  /** Order pulls: they never wait because of receipts. */
  async #pull(): Promise<void> {
    const { clock } = this.#shop;
    const { othersPerHour, sending, marketplace, accountId } = this.#market;
    const calls = (othersPerHour * PULLED_EVERY_MINUTES) / 60;
    for (let call = 0; call < calls; call += 1) {
      const allowance = createAllowance(
        { quota: this.#quota, clock, search: sending },
        `${marketplace}/${accountId}`,
        false,
      );
      if ((await allowance.take()) > 0) this.#pullsHeldUp += 1;
      else await this.#market.pull();
    }
  }

  /** A person opens the list of failures, looks at ManoMano, and says what is there. */
  async #look(): Promise<void> {
    const { uploads, clock } = this.#shop;
    for (;;) {
      const { uploads: failed } = await uploads.listFailed({ limit: 50 });
      if (failed.length === 0) return;
      for (const upload of failed) {
        const [, reference = ''] = upload.orderId.split(':');
        const seen = this.#market.documents(reference).length > 0 ? 'there' : 'not-there';
        this.#seen.add(upload.orderId);
        const acting = { uploads, clock, activities: this.#activities, actor: 'person-1' };
        await retryUpload(acting, upload.receiptId, seen);
      }
    }
  }

  async #predictedMs(): Promise<number> {
    const { sending, othersPerHour } = this.#market;
    const rate = { ...sending, othersPerHour };
    const accounts = await waitingUploads({
      ...this.#shop,
      clock: this.#shop.clock,
      quota: this.#quota,
      rates: { manomano: rate, amazon: rate },
    });
    const at = accounts[0]?.lastPredictedAt;
    return at === undefined || at === null ? 0 : Date.parse(at) - this.#shop.nowMs;
  }

  /** Nothing is lost, nothing is twice, and the hour holds no more calls than ManoMano allows. */
  async #check(): Promise<void> {
    const hourAgo = this.#shop.nowMs - HOUR_MS;
    while ((this.#calledAtMs[0] ?? this.#shop.nowMs) <= hourAgo) this.#calledAtMs.shift();
    if (this.#calledAtMs.length > CALLS_PER_HOUR) {
      this.#fail('no hour has more calls than ManoMano allows', `${this.#calledAtMs.length} calls`);
    }
    this.#busiestHour = Math.max(this.#busiestHour, this.#calledAtMs.length);
  }

  async #figures(total: number, minutes: number, predictedMs: number): Promise<ReceiptFigures> {
    const { receipts } = this.#shop;
    const delays: number[] = [];
    const numbers: number[] = [];
    let uploaded = 0;
    let doubled = 0;
    for (const [id, issuedMs] of this.#issuedAtMs) {
      const sale = receiptId(id, 'sale', '1');
      const receipt = (await receipts.getMany([sale])).get(sale);
      numbers.push(receipt?.number?.sequence ?? 0);
      const upload = receipt && (await this.#uploadOf(receipt.receiptId));
      const documents = this.#market.documents(id.split(':')[1] ?? '');
      if (upload?.state !== 'accepted')
        this.#fail('every receipt is uploaded or told of', `${id} is ${upload?.state}`);
      if (documents.length === 1) uploaded += 1;
      if (documents.length > 1) doubled += 1;
      if (documents[0] !== receipt?.file?.sha256) this.#fail('the bytes are those issued', id);
      const acceptedMs = this.#acceptedAtMs.get(id);
      if (acceptedMs !== undefined && !this.#seen.has(id)) delays.push((acceptedMs - issuedMs) / MINUTE_MS);
    }
    numbers.sort((a, b) => a - b);
    const gap = numbers.find((number, at) => number !== at + 1);
    if (gap !== undefined) this.#fail('numbers run from 1 without gaps', `after ${gap}`);
    delays.sort((a, b) => a - b);
    return {
      receipts: total,
      ...{ uploaded, doubled },
      seenByAPerson: this.#seen.size,
      p95Minutes: delays[Math.ceil(delays.length * 0.95) - 1] ?? 0,
      hours: minutes / 60,
      predictedHours: predictedMs / HOUR_MS,
      busiestHour: this.#busiestHour,
      throttledByThem: this.#throttled,
      pullsHeldUp: this.#pullsHeldUp,
    };
  }

  async #uploadOf(id: ReceiptUpload['receiptId']): Promise<ReceiptUpload | undefined> {
    return (await this.#shop.uploads.getMany([id])).get(id);
  }

  /** Everything that has not come to a good end. */
  async #open(): Promise<number> {
    const account = this.#account;
    const { uploads } = this.#shop;
    const sent = await uploads.listOpen({ ...account, line: 'sent', until: ':', limit: 1 });
    const failed = await uploads.listFailed({ limit: 1 });
    return (await uploads.countWaiting(account)) + sent.uploads.length + failed.uploads.length;
  }

  get #issuing() {
    const { deps, files } = this.#shop;
    const render = async ({ receipt }: ReceiptPage) =>
      new TextEncoder().encode(`%PDF-1.7\n${receipt.number?.text}\n%%EOF\n`);
    return { ...deps, issuers: { 'built-in': createBuiltInIssuer({ render }, files) } };
  }

  get #uploading(): UploadReceiptDeps {
    const { uploads, receipts, orders, channels, files, clock } = this.#shop;
    const { marketplace, uploader, sending, asking } = this.#market;
    return {
      ...{ uploads, receipts, orders, channels, files, clock },
      ...{ marketplace, uploader, sending, asking },
      accounts: this.#accounts,
      quota: this.#quota,
    };
  }

  get #planning() {
    const { sending } = this.#market;
    return {
      clock: this.#shop.clock,
      quota: this.#quota,
      queues: { amazon: this.#queue, manomano: this.#queue },
      sending: { amazon: sending, manomano: sending },
    };
  }

  get #account() {
    const { marketplace, accountId } = this.#market;
    return { marketplace, accountId };
  }

  /** Counts every call, has some meet trouble, and notes what the limit itself refused. */
  #network(fetched: typeof fetch): typeof fetch {
    return async (input, init) => {
      this.#calledAtMs.push(this.#shop.nowMs);
      if (this.#random.chance(this.#plan.faults)) this.#market.trouble(this.#random);
      else {
        const answer = await fetched(input, init);
        if (answer.status === 429) this.#refused += 1;
        return answer;
      }
      return fetched(input, init);
    };
  }

  /** Refusals of the limit since it was last asked. */
  #refusedCalls(): number {
    const refused = this.#refused;
    this.#refused = 0;
    return refused;
  }

  #fail(promise: string, what: string): never {
    throw new SimulationFailure(this.#seed, this.#step, promise, what, [], 'receipts');
  }
}

function orderOf(id: string): OrderId {
  return id.slice(0, id.lastIndexOf('/')) as OrderId;
}
