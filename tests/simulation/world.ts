import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { orderPullRequestedSchema } from '../../events/order-pull-requested.ts';
import { createPlanOrderPullsHandler } from '../../functions/plan-order-pulls/handler.ts';
import { createPullOrdersHandler } from '../../functions/pull-orders/handler.ts';
import { createReconcileSettlementHandler } from '../../functions/reconcile-settlement/handler.ts';
import { createRequestMissedReportsHandler } from '../../functions/request-missed-reports/handler.ts';
import { createPaymentReportReader } from '../../shared/adapters/amazon/payment-reports/reader.ts';
import { SEARCH_ORDERS_QUOTA } from '../../shared/adapters/amazon/search-orders.ts';
import { channelOfReportKey } from '../../shared/adapters/s3/keys.ts';
import { reportIdOf } from '../../shared/adapters/s3/report-id.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { JobQueue } from '../../shared/ports/job-queue.ts';
import type { OrderStore } from '../../shared/ports/order-store.ts';
import type { QuotaPlan } from '../../shared/ports/quota.ts';
import { planOrderPulls } from '../../shared/usecases/plan-order-pulls.ts';
import { type OrderPullJob, pullOrders } from '../../shared/usecases/pull-orders.ts';
import { MemoryAccountStore } from '../support/memory/account-store.ts';
import { MemoryChannelStore } from '../support/memory/channel-store.ts';
import { MemoryDroppedFiles } from '../support/memory/dropped-files.ts';
import { MemoryFollowUpStore } from '../support/memory/follow-up-store.ts';
import { Amazon, inventOrders, type RemoteOrder, SITES, YOUNGEST_BOUND_MS } from './amazon.ts';
import { drawFaultPlan, Faults, Gate, type Invocation } from './faults.ts';
import { Invariants } from './invariants.ts';
import { Lambdas } from './lambdas.ts';
import type { Upload } from './money.ts';
import { SilentMetrics, WatchedLogger } from './observability.ts';
import { type QueueSettings, SimulatedQueue } from './queue.ts';
import { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { createStores, type Stores } from './stores.ts';
import { type PlannedUpload, planUploads } from './uploads.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-11-20T08:00:00.000Z');
/** How long orders change, files come in and things go wrong. */
const ACTIVE_MS = 8 * 60 * MINUTE_MS;
/**
 * Work that was given up is found again after six hours, by a search that runs every hour. Pulls that were doubled
 * take longest: each walks through its window, a page every three minutes.
 */
const DRAINED_WITHIN_MS = 16 * 60 * MINUTE_MS;
const DRAIN_STEP_MS = 10 * MINUTE_MS;

const PULLS_EVERY_MS = 4 * MINUTE_MS;
const SEARCH_EVERY_MS = 60 * MINUTE_MS;
/** The functions' time-outs (infra/stacks). */
const TIMEOUT_MS = { plan: 30_000, search: 60_000, pull: 2 * MINUTE_MS, reconcile: 5 * MINUTE_MS };

/** Pulls whose message comes again while they hang; more of them would use up the quota. */
const OVERTAKEN_MAX = 25;

const ACCOUNT_ID = 'A1EXAMPLE';
const AMAZON = createPaymentReportReader();

function aChannel(site: 'it' | 'de', ordersSync: boolean): Channel {
  return {
    channelId: `amazon-${site}`,
    name: `Amazon.${site}`,
    marketplace: 'amazon',
    accountId: ACCOUNT_ID,
    siteIds: [SITES[site]],
    country: site.toUpperCase(),
    timeZone: 'Europe/Rome',
    ordersSync,
    ordersFrom: new Date(START_MS - 3 * 60 * MINUTE_MS).toISOString(),
  };
}

/** One shop, its functions and the world around it, from one seed. */
export class World {
  readonly scheduler: Scheduler;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #gate: Gate;
  readonly #lambdas: Lambdas;
  readonly #stores: Stores;
  readonly #followUps = new MemoryFollowUpStore();
  readonly #accounts = new MemoryAccountStore();
  readonly #amazon: Amazon;
  readonly #quota: QuotaPlan;
  readonly #pulls: SimulatedQueue;
  readonly #uploaded: SimulatedQueue;
  readonly #uploads: Upload[] = [];
  readonly #invariants: Invariants;
  readonly #observability: { readonly logger: WatchedLogger; readonly metrics: SilentMetrics };
  /** Runs of each pull that are under way, by its correlation id. */
  readonly #pulling = new Map<string, number>();
  #overtaken = 0;

  constructor(seed: number, onTrace?: (line: string) => void) {
    const random = new Random(seed);
    this.#random = random.for('world');
    this.scheduler = new Scheduler(seed, START_MS, onTrace);
    this.#faults = new Faults(random.for('faults'), drawFaultPlan(random.for('plan')));
    this.#lambdas = new Lambdas(this.scheduler, this.#random, this.#faults);
    const germanyOn = this.#random.chance(0.6);
    this.#stores = createStores(
      new MemoryChannelStore([aChannel('it', true), aChannel('de', germanyOn)]),
      () => this.#faults.doublesPull('leaseLost'),
    );
    this.#stores.files.pieceBytes = this.#random.pick([700, 4096]);
    // With the documented quota nearly every pull is put back; with more, more of them run at once.
    this.#quota = this.#random.pick([SEARCH_ORDERS_QUOTA, { ratePerSecond: 0.2, burst: 20 }]);
    const orders = inventOrders(random, START_MS, ACTIVE_MS, ACCOUNT_ID);
    this.#amazon = new Amazon(this.scheduler, this.#faults, random, this.#quota, ACTIVE_MS, orders);
    const queue = (settings: Pick<QueueSettings, 'name' | 'batchMax' | 'isDoubled'>, timeoutMs: number) =>
      new SimulatedQueue(
        { ...settings, visibilityMs: 6 * timeoutMs, receivesMax: 5, concurrencyMax: 3 },
        this.scheduler,
        this.#faults,
        random,
      );
    const pulls = { name: 'pulls', batchMax: 1, isDoubled: () => this.#faults.doublesPull('duplicate') };
    this.#pulls = queue(pulls, TIMEOUT_MS.pull);
    const isDoubled = (): boolean => this.#faults.happens('duplicate');
    const uploaded = { name: 'uploads', batchMax: this.#random.int(1, 3), isDoubled };
    this.#uploaded = queue(uploaded, TIMEOUT_MS.reconcile);
    this.#invariants = new Invariants({
      ...{ scheduler: this.scheduler, stores: this.#stores, amazon: this.#amazon, uploads: this.#uploads },
      queues: [this.#pulls, this.#uploaded],
    });
    this.#gate = new Gate(this.scheduler, random.for('gate'), this.#faults, (call, args) =>
      this.#invariants.afterWrite(call, args),
    );
    this.#observability = { logger: new WatchedLogger(this.scheduler), metrics: new SilentMetrics() };

    this.#pulls.connect((event, done) => this.#pullOrders(event, done));
    this.#uploaded.connect((event, done) => this.#reconcileSettlement(event, done));
    this.#lambdas.every(PULLS_EVERY_MS, (attempt) => this.#planOrderPulls(attempt));
    this.#lambdas.every(SEARCH_EVERY_MS, (attempt) => this.#requestMissedReports(attempt));
    for (const upload of planUploads(random, START_MS, ACTIVE_MS, orders)) {
      this.scheduler.at(upload.atMs, () => this.#putFile(upload));
    }
    this.#planSwitches();
    this.#planRescans(orders);
  }

  /** Runs to the end. @throws SimulationFailure */
  async run(): Promise<void> {
    const activeUntilMs = START_MS + ACTIVE_MS;
    await this.scheduler.runUntil(activeUntilMs);
    this.scheduler.trace('the faults stop');
    this.#faults.stop();
    this.#amazon.repair();
    for (const { channelId } of await this.#stores.channels.listChannels()) {
      await this.#stores.channels.setOrdersSync(channelId, true);
    }
    let missing: string[] = [];
    for (let ms = DRAIN_STEP_MS; ms <= DRAINED_WITHIN_MS; ms += DRAIN_STEP_MS) {
      await this.scheduler.runUntil(activeUntilMs + ms);
      missing = await this.#invariants.unfinished(activeUntilMs);
      if (missing.length === 0) return;
    }
    this.scheduler.fail('everything drains when the faults stop', missing.join('\n  '));
    await this.scheduler.runUntil(this.scheduler.nowMs);
  }

  // ── functions ────────────────────────────────────────────────────────────────────────────────────────────

  #planOrderPulls(retry: () => void): void {
    const { logger } = this.#observability;
    this.#lambdas.invoke(
      'plan-order-pulls',
      TIMEOUT_MS.plan,
      (invocation) => {
        const deps = {
          channels: this.#gate.guard(invocation, 'channels', this.#stores.channels),
          accounts: this.#gate.guard(invocation, 'accounts', this.#accounts),
          queues: { amazon: this.#sender(invocation, 'pulls', this.#pulls) },
          clock: this.#clock,
        };
        return createPlanOrderPullsHandler({ plan: () => planOrderPulls(deps), logger })();
      },
      (answer) => answer === undefined && retry(),
    );
  }

  #pullOrders(event: SQSEvent, done: (answer: SQSBatchResponse | undefined) => void): void {
    const job = orderPullRequestedSchema.parse(JSON.parse(event.Records[0]?.body ?? ''));
    const { correlationId } = job;
    const under = (change: number): number => {
      const runs = (this.#pulling.get(correlationId) ?? 0) + change;
      this.#pulling.set(correlationId, runs);
      return runs;
    };
    under(1);
    this.#lambdas.invoke(
      'pull-orders',
      TIMEOUT_MS.pull,
      (invocation) => {
        // While a write of it hangs, its message comes once more, and sees what has changed since.
        invocation.onStall = () => {
          if (this.#overtaken++ >= OVERTAKEN_MAX) return;
          this.scheduler.after(this.#random.int(1_000, 40_000), () => void this.#pulls.send(job));
        };
        const { buyers, channels, quota, lease } = this.#stores;
        const guard = <Port extends object>(name: string, port: Port): Port =>
          this.#gate.guard(invocation, name, port);
        const deps = {
          source: guard('source', this.#amazon),
          orders: this.#ordersFor(invocation),
          buyers: guard('buyers', buyers),
          followUps: guard('followUps', this.#followUps),
          channels: guard('channels', channels),
          quota: guard('quota', quota),
          lease: guard('lease', lease),
          queue: this.#gate.guard<JobQueue<OrderPullJob>>(invocation, 'pulls', {
            send: async (putBack, options) => {
              await this.#pulls.send(putBack, options);
              if (putBack.window?.pageToken !== undefined) this.#switchOffForAWhile();
            },
          }),
          clock: this.#clock,
          search: { operation: 'searchOrders', plan: this.#quota },
        };
        const handler = createPullOrdersHandler({
          pull: (job, remainingMs) => pullOrders(deps, job, remainingMs),
          ...this.#observability,
        });
        return handler(event, {
          getRemainingTimeInMillis: () => invocation.deadlineMs - this.scheduler.nowMs,
        });
      },
      (answer) => {
        const others = under(-1);
        done(answer?.value);
        if (answer?.value.batchItemFailures.length === 0 && others === 0) {
          this.#invariants.checkLease(`amazon/${ACCOUNT_ID}`, correlationId);
        }
      },
    );
  }

  #reconcileSettlement(event: SQSEvent, done: (answer: SQSBatchResponse | undefined) => void): void {
    this.#lambdas.invoke(
      'reconcile-settlement',
      TIMEOUT_MS.reconcile,
      (invocation) => {
        const { files, channels, reports, statements } = this.#stores;
        const guard = <Port extends object>(name: string, port: Port): Port =>
          this.#gate.guard(invocation, name, port);
        return createReconcileSettlementHandler({
          files: guard('files', files),
          reader: AMAZON,
          channels: guard('channels', channels),
          orders: this.#ordersFor(invocation),
          reports: guard('reports', reports),
          statements: guard('statements', statements),
          clock: this.#clock,
          channelOf: channelOfReportKey,
          reportIdOf,
          observability: this.#observability,
        })(event);
      },
      (answer) => done(answer?.value),
    );
  }

  #requestMissedReports(retry: () => void): void {
    this.#lambdas.invoke(
      'request-missed-reports',
      TIMEOUT_MS.search,
      (invocation) => {
        const queue = this.#sender<object>(invocation, 'uploads', this.#uploaded);
        return createRequestMissedReportsHandler({
          files: this.#gate.guard(invocation, 'files', this.#stores.files),
          reports: this.#gate.guard(invocation, 'reports', this.#stores.reports),
          queue: {
            send: ({ objectKey }) =>
              queue.send({ type: 'report-requested', version: 1, correlationId: objectKey, objectKey }),
          },
          // No file of shipments is dropped in this world.
          shipmentFiles: { files: new MemoryDroppedFiles(), queue },
          clock: this.#clock,
          channelOf: channelOfReportKey,
          reportIdOf,
          observability: this.#observability,
        })();
      },
      (answer) => answer === undefined && retry(),
    );
  }

  /** The order store writes and reads its items one by one: a call can end with a part of them done. */
  #ordersFor(invocation: Invocation): OrderStore {
    const { orders } = this.#stores;
    const guarded = this.#gate.guard(invocation, 'orders', orders);
    return {
      putOrder: (order, personalData) => guarded.putOrder(order, personalData),
      setPersonalData: (id, state) => guarded.setPersonalData(id, state),
      setCustomisationMissing: (id, missing) => guarded.setCustomisationMissing(id, missing),
      getMany: async (ids) => {
        const middle = this.#random.int(0, ids.length);
        const halves = [ids.slice(0, middle), ids.slice(middle)].filter((half) => half.length > 0);
        const found = await Promise.all(halves.map((half) => guarded.getMany(half)));
        return new Map(found.flatMap((half) => [...half]));
      },
      changeLedgers: async (changes) => {
        if (new Set(changes.map((change) => change.orderId)).size !== changes.length) {
          this.scheduler.fail('one call changes a ledger once', String(changes.length));
        }
        const moved = await Promise.all(changes.map((change) => guarded.changeLedgers([change])));
        return moved.flat();
      },
      listOrders: (query) => guarded.listOrders(query),
      listWaiting: (query) => guarded.listWaiting(query),
    };
  }

  #sender<Job>(invocation: Invocation, name: string, queue: SimulatedQueue): JobQueue<Job> {
    return this.#gate.guard<JobQueue<Job>>(invocation, name, queue);
  }

  get #clock() {
    return { now: () => this.scheduler.nowMs };
  }

  // ── the world around ─────────────────────────────────────────────────────────────────────────────────────

  #putFile({ objectKey, file }: PlannedUpload): void {
    const object = this.#stores.files.put(
      objectKey,
      file.bytes,
      new Date(this.scheduler.nowMs).toISOString(),
    );
    const reportId = reportIdOf(object);
    const channelExists = !objectKey.includes('no-such-channel');
    this.#uploads.push({ reportId, objectKey, uploadedAt: object.uploadedAt, channelExists, file });
    this.scheduler.trace(
      `a person puts ${objectKey} (${reportId}), ${file.format}, ${file.rows.length} rows`,
    );
    if (this.#faults.happens('dropEvent')) {
      this.scheduler.trace('and S3 says nothing');
      return;
    }
    if (this.#random.chance(0.4)) {
      this.scheduler.after(this.#random.int(0, 15_000), () => this.#rescan(`re-scan for ${reportId}`));
    }
    const times = this.#faults.happens('duplicate') ? 3 : 1;
    for (let i = 0; i < times; i++) {
      const lateMs = this.#faults.happens('late')
        ? this.#random.int(0, 600_000)
        : this.#random.int(100, 3_000);
      this.scheduler.after(lateMs, () => void this.#uploaded.send(objectCreated(objectKey)));
    }
  }

  #planSwitches(): void {
    for (let i = this.#random.int(0, 4); i > 0; i--)
      this.#switchOffAt(START_MS + this.#random.int(0, ACTIVE_MS));
  }

  /** Now and then in the middle of a window. */
  #switchOffForAWhile(): void {
    if (!this.#faults.over && this.#random.chance(0.4)) {
      this.#switchOffAt(this.scheduler.nowMs + this.#random.int(0, 60_000));
    }
  }

  /** An operator switches the second channel off and soon on again. */
  #switchOffAt(offMs: number): void {
    const plan = (atMs: number, on: boolean): void =>
      this.scheduler.at(Math.min(atMs, START_MS + ACTIVE_MS - 1), () => {
        this.scheduler.trace(`an operator switches amazon-de ${on ? 'on' : 'off'}`);
        void this.#stores.channels.setOrdersSync('amazon-de', on);
      });
    plan(offMs, false);
    plan(offMs + this.#random.int(1, 12) * MINUTE_MS, true);
  }

  /** Now and then the last hours are pulled again, most often just when an order changes, and more than once. */
  #planRescans(orders: readonly RemoteOrder[]): void {
    const versions = orders.flatMap((remote) => remote.versions);
    const quick = orders.flatMap((remote) =>
      remote.versions.filter(
        (version, i) => version.updatedMs - (remote.versions[i - 1]?.updatedMs ?? 0) < MINUTE_MS,
      ),
    );
    for (let i = this.#random.int(0, 12); i > 0; i--) {
      const version = this.#random.pick(this.#random.chance(0.8) && quick.length > 0 ? quick : versions);
      const atMs = Math.max(START_MS, version.updatedMs + YOUNGEST_BOUND_MS);
      for (let again = this.#random.int(1, 4); again > 0; again--) {
        this.scheduler.at(atMs + this.#random.int(-15_000, 15_000), () => this.#rescan(`re-scan ${i}`));
      }
    }
  }

  #rescan(correlationId: string): void {
    const untilMs = this.scheduler.nowMs - YOUNGEST_BOUND_MS - this.#random.pick([0, 0, 40 * MINUTE_MS]);
    const window = {
      from: new Date(untilMs - this.#random.int(5, 120) * MINUTE_MS).toISOString(),
      until: new Date(untilMs).toISOString(),
    };
    void this.#pulls.send({
      ...{ type: 'order-pull-requested', version: 1, correlationId },
      ...{ marketplace: 'amazon', accountId: ACCOUNT_ID, window },
    });
  }
}

/** As S3 writes it: the key encoded, with '+' for a space. */
function objectCreated(objectKey: string): object {
  const key = encodeURIComponent(objectKey).replaceAll('%20', '+').replaceAll('%2F', '/');
  return {
    Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'reports' }, object: { key } } }],
  };
}
