import type { Channel } from '../domain/channel.ts';
import { PartnerError, ThrottledError } from '../domain/errors.ts';
import type { Marketplace } from '../domain/order.ts';
import { earlier, isoInstant } from '../domain/pull-window.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { QuotaPlan, QuotaStore } from '../ports/quota.ts';
import type {
  FoundSettlement,
  ReportUploads,
  SettlementFinder,
  SettlementPage,
  SettlementSearchStore,
} from '../ports/settlement-finder.ts';

/** The only marketplace that makes settlement reports by itself. */
const MARKETPLACE: Marketplace = 'amazon';
/** At most one search an hour: the schedule's ticks are not quite an hour apart. */
const SEARCH_AGAIN_MS = 50 * 60_000;
/** Amazon keeps reports for 90 days and refuses a question about older ones; an hour less is for slow calls. */
const LOOK_BACK_MAX_MS = 90 * 86_400_000 - 3_600_000;
/** Re-read before what is done: a report may become visible after later ones. */
const OVERLAP_MS = 2 * 86_400_000;
/** One report may take this long to open and put: with less time left, it is left to the next run. */
const REPORT_TIME_MS = 170_000;
/** Far more than 90 days of settlements of all of Europe, at 100 a page. */
const PAGES_MAX = 5;

export interface FindSettlementReportsDeps {
  readonly finder: SettlementFinder;
  readonly searches: SettlementSearchStore;
  readonly uploads: ReportUploads;
  readonly channels: ChannelStore;
  readonly accounts: Pick<AccountStore, 'getAccount'>;
  readonly quota: QuotaStore;
  readonly clock: Clock;
  /** The finder's allowances: an operation's name and what its partner documents. */
  readonly allowances: { readonly find: Allowance; readonly open: Allowance };
  /** Where the file of a report stands in the bucket. */
  readonly objectKeyOf: (channelId: string, reportId: string) => string;
}
type Question = Parameters<SettlementFinder['findSettlements']>[1];
interface Allowance {
  readonly operation: string;
  readonly plan: QuotaPlan;
}

/** What one run did, for logs and metrics. */
export interface SettlementSearchFacts {
  /** Accounts asked; the others were asked within the hour, or have lost their authorisation. */
  readonly accounts: number;
  readonly put: readonly {
    readonly accountId: string;
    readonly reportId: string;
    readonly objectKey: string;
  }[];
  /** Dealt with before. */
  readonly known: number;
  /** Not made yet by the marketplace. */
  readonly preparing: number;
  /** For the next run: quota or time was used up. */
  readonly left: number;
  /** Accounts and reports that failed; tried again by the next run. */
  readonly problems: readonly {
    readonly accountId: string;
    readonly reportId?: string | undefined;
    readonly problem: string;
  }[];
}

/**
 * Finds the settlement reports that the marketplace made since the last search, and puts each file where uploads go: it
 * is reconciled like one that a person uploaded.
 *
 * A file is put before it is noted, and never over another under its key: whatever happens in between, it is announced
 * once. How far a search got is noted last and never past a report that is still to be dealt with. What fails at the
 * marketplace is told and left to the next run; a store that fails is thrown.
 */
export async function findSettlementReports(
  deps: FindSettlementReportsDeps,
  remainingMs: () => number,
): Promise<SettlementSearchFacts> {
  const open = (await deps.channels.listChannels()).filter(
    ({ marketplace, archivedAt }) => marketplace === MARKETPLACE && archivedAt === undefined,
  );
  const run = new Run();
  for (const accountId of new Set(
    open.filter(({ ordersSync }) => ordersSync).map(({ accountId }) => accountId),
  )) {
    const account = await deps.accounts.getAccount(MARKETPLACE, accountId);
    if (account?.health.state === 'revoked') continue;
    const channels = open.filter((channel) => channel.accountId === accountId);
    await new AccountSearch(deps, run, accountId, channels, remainingMs).search();
  }
  return run;
}

class Run implements SettlementSearchFacts {
  accounts = 0;
  readonly put: SettlementSearchFacts['put'][number][] = [];
  known = 0;
  preparing = 0;
  left = 0;
  readonly problems: SettlementSearchFacts['problems'][number][] = [];
}

/** The search of one account. */
class AccountSearch {
  readonly #deps: FindSettlementReportsDeps;
  readonly #run: Run;
  readonly #accountId: string;
  readonly #channels: readonly Channel[];
  readonly #remainingMs: () => number;
  /** The earliest instant from which something is still to be dealt with. */
  #openSince: string | undefined;
  /** Nothing more can be opened in this run. */
  #stopped = false;

  constructor(
    deps: FindSettlementReportsDeps,
    run: Run,
    accountId: string,
    channels: readonly Channel[],
    remainingMs: () => number,
  ) {
    this.#deps = deps;
    this.#run = run;
    this.#accountId = accountId;
    this.#channels = channels;
    this.#remainingMs = remainingMs;
  }

  async search(): Promise<void> {
    const { searches, clock } = this.#deps;
    const nowMs = clock.now();
    const now = isoInstant(nowMs);
    const begun = await searches.beginSearch(this.#accountId, now, isoInstant(nowMs - SEARCH_AGAIN_MS));
    if (begun === 'too-soon') return;
    this.#run.accounts += 1;

    const reachesMs = nowMs - LOOK_BACK_MAX_MS;
    const fromMs = begun.doneUntil === undefined ? reachesMs : Date.parse(begun.doneUntil) - OVERLAP_MS;
    const createdSince = isoInstant(Math.max(reachesMs, fromMs));
    let question: Question = { createdSince };
    for (let pages = 0; ; pages += 1) {
      const page: SettlementPage | undefined = pages < PAGES_MAX ? await this.#page(question) : undefined;
      // What stands on a page not seen, or in an entry not understood, may have been made at any time.
      if (page === undefined || page.unreadable.length > 0) this.#keepOpen(createdSince);
      if (page === undefined) break;
      for (const problem of page.unreadable) this.#run.problems.push({ accountId: this.#accountId, problem });
      for (const settlement of page.settlements) await this.#take(settlement);
      if (page.nextPageToken === undefined) break;
      question = { pageToken: page.nextPageToken };
    }
    const doneUntil = this.#openSince ?? now;
    // Never back: with the overlap, the next search asks for all that is open anyway.
    if (doneUntil > (begun.doneUntil ?? createdSince))
      await searches.noteDoneUntil(this.#accountId, doneUntil);
  }

  /** One page of the list; undefined when it cannot be had now. */
  async #page(question: Question): Promise<SettlementPage | undefined> {
    const { allowances, finder, quota, clock } = this.#deps;
    const page = await this.#called(allowances.find, undefined, () =>
      finder.findSettlements(this.#accountId, question),
    );
    if (page === undefined) return undefined;
    const bucket = this.#bucket(allowances.find);
    await quota.correct(
      bucket,
      allowances.find.plan,
      { ratePerSecond: page.grantedRatePerSecond },
      clock.now(),
    );
    return page;
  }

  async #take(settlement: FoundSettlement): Promise<void> {
    const { reportId, createdAt, state } = settlement;
    if (await this.#deps.searches.isDone(this.#accountId, reportId)) {
      this.#run.known += 1;
      return;
    }
    if (state === 'empty' || state === 'failed') {
      if (state === 'failed') this.#problem(reportId, 'the marketplace could not make the report');
      await this.#noteDone(reportId, undefined);
      return;
    }
    if (state === 'ready' && settlement.documentId !== undefined) {
      if (await this.#putFile(reportId, settlement.documentId, settlement.siteIds)) return;
    } else if (state === 'preparing') this.#run.preparing += 1;
    else this.#problem(reportId, 'the marketplace says something of it that is not understood');
    this.#keepOpen(createdAt);
  }

  /** Whether the file of a report is in the bucket now. */
  async #putFile(reportId: string, documentId: string, siteIds: readonly string[]): Promise<boolean> {
    const { allowances, finder, uploads, objectKeyOf } = this.#deps;
    if (this.#stopped || this.#remainingMs() < REPORT_TIME_MS) {
      this.#run.left += 1;
      return false;
    }
    const objectKey = objectKeyOf(this.#channelOf(siteIds).channelId, reportId);
    const answer = await this.#called(allowances.open, reportId, async () =>
      uploads.putOnce(
        objectKey,
        await finder.openSettlement({ accountId: this.#accountId, reportId, documentId }),
      ),
    );
    if (answer === undefined) return false;
    await this.#noteDone(reportId, objectKey);
    if (answer === 'put') this.#run.put.push({ accountId: this.#accountId, reportId, objectKey });
    else this.#run.known += 1;
    return true;
  }

  /** Makes one call within the quota; undefined when the marketplace let it fail, which is then noted. */
  async #called<Answer>(
    allowance: Allowance,
    reportId: string | undefined,
    call: () => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const { quota, clock } = this.#deps;
    const bucket = this.#bucket(allowance);
    const taken = await quota.take(bucket, allowance.plan, clock.now());
    try {
      if (taken.granted) return await call();
    } catch (error) {
      if (!(error instanceof PartnerError) || error.partner !== MARKETPLACE) throw error;
      if (!(error instanceof ThrottledError)) {
        this.#problem(reportId, error.message);
        return undefined;
      }
      await quota.correct(bucket, allowance.plan, { exhausted: true }, clock.now());
    }
    this.#stopped = true;
    this.#run.left += 1;
    return undefined;
  }

  /** The channel a report is filed under: one of its marketplaces', or else the account's first. */
  #channelOf(siteIds: readonly string[]): Channel {
    const channels = [...this.#channels].sort((a, b) => (a.channelId < b.channelId ? -1 : 1));
    const covering = channels.find((channel) => channel.siteIds.some((siteId) => siteIds.includes(siteId)));
    const channel = covering ?? channels[0];
    if (channel === undefined) throw new RangeError(`account ${this.#accountId} has no channel`);
    return channel;
  }

  #bucket({ operation }: Allowance): string {
    return `${MARKETPLACE}/${this.#accountId}/${operation}`;
  }

  #noteDone(reportId: string, objectKey: string | undefined): Promise<void> {
    const at = isoInstant(this.#deps.clock.now());
    return this.#deps.searches.noteDone(this.#accountId, reportId, { at, objectKey });
  }

  #problem(reportId: string | undefined, problem: string): void {
    this.#run.problems.push({ accountId: this.#accountId, reportId, problem });
  }

  #keepOpen(since: string): void {
    this.#openSince = earlier(this.#openSince, since);
  }
}
