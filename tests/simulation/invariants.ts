import { isDeepStrictEqual } from 'node:util';
import { formatMinor } from '../../shared/domain/money.ts';
import { type OrderId, orderId } from '../../shared/domain/order.ts';
import { orderMoney } from '../../shared/domain/order-money.ts';
import type { Report, StatementHead } from '../../shared/domain/report.ts';
import type { LedgerChange, OrderRecord } from '../../shared/ports/order-store.ts';
import { listOrders, type OrderSummary } from '../../shared/usecases/list-orders.ts';
import { listReports } from '../../shared/usecases/list-reports.ts';
import { type Amazon, isPrompt, type RemoteOrder, SITES } from './amazon.ts';
import { moneyOf, partsOf, standingEntries, totalsOf, type Upload } from './money.ts';
import { entriesOf, entryName, withoutZeros } from './payment-files.ts';
import { namesAPerson } from './personal-data.ts';
import type { SimulatedQueue } from './queue.ts';
import type { Scheduler } from './scheduler.ts';
import type { Stores } from './stores.ts';

/** What a pull reads again (design: 15 minutes); a change that late may be behind the watermark, never a later one. */
const OVERLAP_MS = 15 * 60_000;

export interface Watched {
  readonly scheduler: Scheduler;
  readonly stores: Stores;
  readonly amazon: Amazon;
  /** Every upload so far, oldest first. */
  readonly uploads: readonly Upload[];
  readonly queues: readonly SimulatedQueue[];
}

/**
 * What must hold. `afterWrite` runs in the step of each write, before anything else can happen, and looks at what that
 * write may have changed; `unfinished` says what is still missing once the faults have stopped.
 */
export class Invariants {
  readonly #watched: Watched;
  readonly #remoteById: ReadonlyMap<OrderId, RemoteOrder>;
  readonly #newestStored = new Map<OrderId, string>();
  readonly #newestBuyer = new Map<OrderId, string>();
  readonly #watermarks = new Map<string, string>();
  readonly #finalReports = new Map<string, string>();
  readonly #ranks = new Map<string, string>();
  /** Reports that some statement has been closed for: they stood, if only for a moment. */
  readonly #stood = new Set<string>();
  /** Per order: the reports whose entries stand in its ledger. */
  readonly #writers = new Map<OrderId, ReadonlySet<string>>();
  /** Per report: orders that were there when it wrote to their ledger. */
  readonly #metOrders = new Map<string, Set<string>>();

  constructor(watched: Watched) {
    this.#watched = watched;
    this.#remoteById = new Map(watched.amazon.orders.map((remote) => [remote.orderId, remote]));
  }

  async afterWrite(call: string, args: readonly unknown[]): Promise<void> {
    if (call !== 'buyers.putBuyer' && call !== 'files.keepCopy' && namesAPerson(args)) {
      this.#fail('no personal data outside the buyer store', call);
    }
    const about = args[0] as { readonly orderId: OrderId; readonly reportId: string } & StatementHead;
    if (call === 'buyers.putBuyer') await this.#checkBuyer(about.orderId);
    else if (call === 'orders.putOrder') await this.#checkOrder(about.orderId);
    else if (call === 'orders.changeLedgers') {
      for (const change of args[0] as readonly LedgerChange[]) await this.#checkLedger(change.orderId);
    } else if (call === 'channels.advanceOrdersWatermark') await this.#checkWatermark(String(args[0]));
    else if (call === 'reports.finishReport') await this.#checkReport(about.reportId);
    else if (call === 'reports.noteReplaced') await this.#checkReport(String(args[0]));
    else if (call === 'statements.replaceHead') await this.#checkHead(about.accountId, about.unitKey);
    else if (call === 'files.keepCopy' || call === 'files.keepObject') this.#checkCopy(String(args[0]));
  }

  // ── orders ───────────────────────────────────────────────────────────────────────────────────────────────

  async #checkOrder(id: OrderId): Promise<void> {
    const record = await this.#record(id);
    const order = record?.order;
    if (record === undefined || order === undefined) return this.#fail('a stored order stays', id);
    const remote = this.#remoteById.get(id);
    const version = remote?.versions.find(({ order: { updatedAt } }) => updatedAt === order.updatedAt);
    const { channelId, ...stored } = order;
    if (remote === undefined || version === undefined || !isDeepStrictEqual(stored, version.order)) {
      return this.#fail('a stored order is a remote order', `${id} as of ${order.updatedAt}`);
    }
    if (version.updatedMs > this.#watched.scheduler.nowMs) this.#fail('no order comes from the future', id);
    if (channelId !== `amazon-${remote.site}`)
      this.#fail("an order is its site's channel's", `${id}: ${channelId}`);
    const newest = this.#newestStored.get(id);
    if (newest !== undefined && newest > order.updatedAt) {
      this.#fail('an order never goes back', `${id} from ${newest} to ${order.updatedAt}`);
    }
    this.#newestStored.set(id, order.updatedAt);
    const buyer = await this.#watched.stores.buyers.getBuyer(id);
    if (buyer === undefined || buyer.updatedAt < order.updatedAt) {
      this.#fail('an order that is there says that its buyer is', id);
    }
    this.#checkEntries(record);
  }

  async #checkBuyer(id: OrderId): Promise<void> {
    const updatedAt = (await this.#watched.stores.buyers.getBuyer(id))?.updatedAt ?? '';
    if ((this.#newestBuyer.get(id) ?? '') > updatedAt) this.#fail('a buyer never goes back', id);
    this.#newestBuyer.set(id, updatedAt);
  }

  async #checkLedger(id: OrderId): Promise<void> {
    const record = await this.#record(id);
    if (record === undefined) return;
    const newest = this.#newestStored.get(id);
    if (newest !== record.order?.updatedAt) this.#fail('money leaves the order as it is', id);
    const writers = new Set(Object.values(record.entries).map(({ reportId }) => reportId));
    for (const reportId of writers) {
      const isNew = !this.#writers.get(id)?.has(reportId);
      if (isNew && record.order) this.#met(reportId).add(record.order.marketplaceOrderId);
    }
    this.#writers.set(id, writers);
    this.#checkEntries(record);
  }

  /** Each entry says what its file says, and the money shown is the sum of the entries. */
  #checkEntries({ orderId: id, order, entries }: OrderRecord): void {
    const [, marketplaceOrderId = ''] = id.split(':');
    const all = Object.values(entries);
    for (const entry of all) {
      const upload = this.#watched.uploads.find(({ reportId }) => reportId === entry.reportId);
      const truth = upload && entriesOf(upload.file).get(entryName(marketplaceOrderId, entry));
      const parts = truth && withoutZeros(truth.parts);
      if (!parts || truth.rows !== entry.rows || !isDeepStrictEqual(parts, partsOf(entry))) {
        this.#fail('an entry says what its file says', `${id} ${entryName('', entry)} of ${entry.reportId}`);
      }
    }
    const shown = orderMoney(all, order?.total?.currency);
    const sum = moneyOf(all.map((entry) => ({ statement: entry, parts: partsOf(entry) })));
    if (
      shown?.fee !== sum?.feeMinor ||
      shown?.net !== sum?.netMinor ||
      shown?.provisional !== sum?.provisional
    ) {
      this.#fail(
        "an order's fee is the sum of its entries",
        `${id}: ${shown?.fee}, entries say ${sum?.feeMinor}`,
      );
    }
  }

  async #checkWatermark(channelId: string): Promise<void> {
    const channel = await this.#watched.stores.channels.getChannel(channelId);
    if (channel?.ordersWatermark === undefined) return;
    if ((this.#watermarks.get(channelId) ?? '') > channel.ordersWatermark) {
      this.#fail('a watermark never moves back', `${channelId} to ${channel.ordersWatermark}`);
    }
    this.#watermarks.set(channelId, channel.ordersWatermark);
    const watermarkMs = Date.parse(channel.ordersWatermark);
    for (const remote of this.#watched.amazon.orders) {
      if (!channel.siteIds.includes(SITES[remote.site])) continue;
      const current = this.#watched.amazon.current(remote);
      if (current === undefined || current.order.updatedAt < channel.ordersFrom) continue;
      if ((this.#newestStored.get(remote.orderId) ?? '') >= current.order.updatedAt) continue;
      // A search finds this version or a newer one. What becomes visible late may lie behind the watermark, but not
      // so far that the next pull does not reach it.
      const { nowMs } = this.#watched.scheduler;
      const passed = remote.versions
        .filter(({ updatedMs }) => updatedMs >= current.updatedMs && updatedMs <= nowMs)
        .every((version) => version.updatedMs < watermarkMs - (isPrompt(version) ? 0 : OVERLAP_MS));
      if (passed) {
        const what = `${channelId} at ${channel.ordersWatermark}, ${remote.orderId} changed ${current.order.updatedAt}`;
        this.#fail('a watermark never passes a change that is not stored', what);
      }
    }
  }

  // ── reports ──────────────────────────────────────────────────────────────────────────────────────────────

  async #checkReport(reportId: string): Promise<void> {
    const report = await this.#watched.stores.reports.getReport(reportId);
    if (report === undefined || report.outcome === 'processing') return;
    const { standsInstead: _, ...final } = report;
    const written = JSON.stringify(final);
    if ((this.#finalReports.get(reportId) ?? written) !== written) {
      return this.#fail('a final report stays as it is', reportId);
    }
    this.#finalReports.set(reportId, written);
    const upload = this.#watched.uploads.find((one) => one.reportId === reportId);
    if (upload === undefined) return this.#fail('a report is about an upload', reportId);
    const refusal = upload.channelExists ? upload.file.refusal : 'unknown-channel';
    if (report.refusal?.code !== refusal || (report.outcome === 'refused') !== (refusal !== undefined)) {
      this.#fail(
        'a file is refused for what it is',
        `${upload.objectKey}: ${report.refusal?.code}, not ${refusal}`,
      );
    }
    if (report.outcome === 'imported' && upload.file.units.length > 0 && !this.#stood.has(reportId)) {
      this.#fail('a report that was imported has stood', upload.objectKey);
    }
    if (report.reconciliation) this.#checkBuckets(report, report.reconciliation, upload);
  }

  #checkBuckets(
    report: Report,
    { buckets, rows, control }: NonNullable<Report['reconciliation']>,
    upload: Upload,
  ) {
    const truth = totalsOf(upload.file);
    const all = Object.values(truth);
    const found = {
      order: {
        rows: buckets.order.rows + buckets.waiting.rows,
        minor: buckets.order.amountMinor + buckets.waiting.amountMinor,
      },
      account: { rows: buckets.account.rows, minor: buckets.account.amountMinor },
      otherChannel: { rows: buckets.otherChannel.rows, minor: buckets.otherChannel.amountMinor },
      unclassified: { rows: buckets.unclassified.rows, minor: buckets.unclassified.amountMinor },
      rejected: { rows: buckets.rejected.rows, minor: buckets.rejected.amountMinor },
    };
    const totalMinor = all.reduce((sum, { minor }) => sum + minor, 0);
    const stated = upload.file.format === 'date-range' ? null : totalMinor;
    const holds =
      isDeepStrictEqual(found, truth) &&
      rows === upload.file.rows.length &&
      control.computedMinor === totalMinor &&
      control.statedMinor === stated;
    if (!holds) {
      const what = `${upload.objectKey}: ${JSON.stringify(found)} is not ${JSON.stringify(truth)}`;
      this.#fail("a report's buckets are the rows of its file", what);
    }
    const met = this.#met(report.reportId);
    const unmet = upload.file.rows.filter(
      ({ kind, marketplaceOrderId }) => kind === 'order' && !met.has(marketplaceOrderId),
    );
    if (buckets.waiting.rows > unmet.length) {
      this.#fail(
        'a row does not wait for an order that was there',
        `${report.reportId}: ${buckets.waiting.rows}`,
      );
    }
  }

  async #checkHead(accountId: string, unitKey: string): Promise<void> {
    const head = (await this.#watched.stores.statements.getHeads(accountId, [unitKey])).get(unitKey);
    if (head === undefined) return this.#fail("a statement's head stays", unitKey);
    if ((this.#ranks.get(unitKey) ?? '') > head.rank)
      this.#fail("a statement's head never goes back", unitKey);
    this.#ranks.set(unitKey, head.rank);
    if (head.state === 'imported') this.#stood.add(head.reportId);
  }

  #checkCopy(reportId: string): void {
    const copy = this.#watched.stores.files.copies.get(reportId);
    if (copy && namesAPerson(Buffer.from(copy).toString()))
      this.#fail('no personal data in a kept copy', reportId);
  }

  // ── pulls ────────────────────────────────────────────────────────────────────────────────────────────────

  /** @param holder a pull whose last run has ended well */
  checkLease(account: string, holder: string): void {
    const waits = this.#watched.queues.some((queue) => queue.bodies().some((body) => body.includes(holder)));
    if (!waits && this.#watched.stores.lease.holderOf(account, this.#watched.scheduler.nowMs) === holder) {
      this.#fail('a lease is held only by a pull that goes on', holder);
    }
  }

  // ── the end ──────────────────────────────────────────────────────────────────────────────────────────────

  /** What is not as it should be after the last fault; empty once everything has drained. */
  async unfinished(sinceMs: number): Promise<string[]> {
    const missing = this.#watched.queues
      .filter(({ empty }) => !empty)
      .map(({ name }) => `${name} is not empty`);
    missing.push(...(await this.#ordersMissing(sinceMs)));
    missing.push(...(await this.#reportsMissing()));
    missing.push(...(await this.#moneyMissing()));
    return missing;
  }

  async #ordersMissing(sinceMs: number): Promise<string[]> {
    const missing: string[] = [];
    const { channels, orders } = this.#watched.stores;
    for (const channel of await channels.listChannels()) {
      const listed = await orders.listOrders({ channelId: channel.channelId, limit: 1000 });
      const ids = listed.records.map((record) => record.orderId);
      const remote = this.#watched.amazon.orders.filter(
        ({ site, versions }) =>
          channel.ordersSync &&
          channel.siteIds.includes(SITES[site]) &&
          (versions.at(-1)?.order.updatedAt ?? '') >= channel.ordersFrom,
      );
      for (const { orderId: id, versions } of remote) {
        const stored = listed.records.find((record) => record.orderId === id)?.order;
        if (stored?.updatedAt !== versions.at(-1)?.order.updatedAt)
          missing.push(`${id} is at ${stored?.updatedAt}`);
      }
      if (new Set(ids).size !== ids.length || ids.length !== remote.length) {
        missing.push(`${channel.channelId} lists ${ids.length} orders, ${remote.length} exist`);
      }
      if (channel.ordersSync && Date.parse(channel.ordersWatermark ?? channel.ordersFrom) < sinceMs) {
        missing.push(`${channel.channelId} has seen everything up to ${channel.ordersWatermark} only`);
      }
    }
    return missing;
  }

  async #reportsMissing(): Promise<string[]> {
    const missing: string[] = [];
    // An upload that was overwritten may never be read: then only what came in its place has an outcome.
    const latest = new Map(this.#watched.uploads.map((upload) => [upload.objectKey, upload.reportId]));
    for (const [objectKey, reportId] of latest) {
      const report = await this.#watched.stores.reports.getReport(reportId);
      if (report === undefined) missing.push(`nobody has looked at ${objectKey} (${reportId})`);
      else if (report.outcome === 'processing')
        missing.push(`${objectKey} (${reportId}) is still being worked on`);
    }
    const { stores, scheduler } = this.#watched;
    for (const channel of await stores.channels.listChannels()) {
      const deps = { ...stores, clock: { now: () => scheduler.nowMs } };
      for await (const listed of listReports(deps, channel)) {
        if (!('buckets' in listed)) continue;
        const rows = Object.values(listed.buckets).reduce((sum, bucket) => sum + bucket.rows, 0);
        if (rows !== listed.rows) missing.push(`${listed.reportId} lists ${rows} of ${listed.rows} rows`);
      }
    }
    return missing;
  }

  async #moneyMissing(): Promise<string[]> {
    const missing: string[] = [];
    const { stores, scheduler, uploads } = this.#watched;
    const standing = Map.groupBy(standingEntries(uploads), (entry) => entry.marketplaceOrderId);
    const ids = new Set([...standing.keys(), ...uploads.flatMap(({ file }) => file.rows.map(trueOrderId))]);
    ids.delete('');
    const listed = new Map<string, OrderSummary>();
    const waiting = new Set<string>();
    for (const { channelId, accountId } of await stores.channels.listChannels()) {
      const deps = { ...stores, clock: { now: () => scheduler.nowMs } };
      for await (const order of listOrders(deps, channelId)) listed.set(order.marketplaceOrderId, order);
      const { records } = await stores.orders.listWaiting({ accountId, limit: 1000 });
      for (const record of records) waiting.add(record.marketplaceOrderId);
    }
    for (const id of ids) {
      const truth = standing.get(id) ?? [];
      const record = await this.#record(orderId('amazon', id));
      const names = Object.values(record?.entries ?? {}).map((entry) => entryName(id, entry));
      const trueNames = truth.map(({ statement }) => entryName(id, statement));
      if (!isDeepStrictEqual(names.sort(), trueNames.sort())) {
        missing.push(`${id} has the entries [${names}], not [${trueNames}]`);
      }
      const money = orderMoney(Object.values(record?.entries ?? {}));
      const sum = moneyOf(truth);
      if (
        money?.fee !== sum?.feeMinor ||
        money?.net !== sum?.netMinor ||
        money?.provisional !== sum?.provisional
      ) {
        missing.push(
          `${id} has a fee of ${money?.fee} and a net of ${money?.net}, not ${JSON.stringify(sum)}`,
        );
      }
      const order = listed.get(id);
      if (order && order.fee !== (sum ? formatMinor(sum.feeMinor, 'EUR') : null)) {
        missing.push(`${id} is listed with a fee of ${order.fee}`);
      }
      const waits = truth.length > 0 && record?.order === undefined;
      if (waiting.has(id) !== waits) missing.push(`${id} ${waits ? 'does not wait' : 'waits for nothing'}`);
    }
    const heads = await stores.statements.getHeads('A1EXAMPLE', [...this.#ranks.keys()]);
    for (const { unitKey, state, replacing } of heads.values()) {
      if (state !== 'imported' || replacing.length > 0)
        missing.push(`${unitKey} is ${state}, replacing ${replacing}`);
    }
    return missing;
  }

  // ── helpers ──────────────────────────────────────────────────────────────────────────────────────────────

  async #record(id: OrderId): Promise<OrderRecord | undefined> {
    return (await this.#watched.stores.orders.getMany([id])).get(id);
  }

  #met(reportId: string): Set<string> {
    const met = this.#metOrders.get(reportId) ?? new Set();
    this.#metOrders.set(reportId, met);
    return met;
  }

  #fail(invariant: string, what: string): void {
    this.#watched.scheduler.fail(invariant, what);
  }
}

function trueOrderId({ kind, marketplaceOrderId }: Upload['file']['rows'][number]): string {
  return kind === 'order' ? marketplaceOrderId : '';
}
