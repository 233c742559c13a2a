import { AMAZON_SITES } from '../../shared/adapters/amazon/sites.ts';
import { EBAY_SITES } from '../../shared/adapters/ebay/sites.ts';
import { MANOMANO_SITES } from '../../shared/adapters/manomano/sites.ts';
import type { AccountFindings } from '../../shared/domain/account.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { Marketplace } from '../../shared/domain/order.ts';
import type { AccountProbe } from '../../shared/ports/account-probe.ts';
import type { PartnerCredentials } from '../../shared/ports/credentials.ts';
import type { AskAccountDeps } from '../../shared/usecases/ask-account.ts';
import { MemoryAccountStore } from './memory/account-store.ts';
import { MemoryActivityLog } from './memory/activity-log.ts';
import { MemoryChannelStore } from './memory/channel-store.ts';
import { MemoryCredentialStore } from './memory/credential-store.ts';
import { MemoryQuotaStore } from './memory/quota-store.ts';

export const AMAZON_SECRETS = { clientId: 'client', clientSecret: 'SECRET', refreshToken: 'REFRESH' };

/** Answers as set up, or that everything is well; keeps what it was asked. */
class ScriptedProbe implements AccountProbe {
  readonly asked: { readonly credentials: PartnerCredentials; readonly siteIds: readonly string[] }[] = [];
  /** For every call until it is changed. */
  answer: Partial<AccountFindings> | Error = {};
  /** Runs while the marketplace is thinking. */
  meanwhile: (() => Promise<unknown>) | undefined;

  async probe(credentials: PartnerCredentials, siteIds: readonly string[]): Promise<AccountFindings> {
    this.asked.push({ credentials, siteIds });
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    if (this.answer instanceof Error) throw this.answer;
    return {
      sites: siteIds.map((siteId) => ({ siteId, name: `Site ${siteId}`, active: true })),
      missing: [],
      ...this.answer,
    };
  }
}

/** Stores, a marketplace that answers, and a clock, for what people do with channels. */
export class ChannelWorld {
  readonly probe = new ScriptedProbe();
  readonly channels: MemoryChannelStore;
  readonly accounts = new MemoryAccountStore();
  readonly credentials = new MemoryCredentialStore();
  readonly activities = new MemoryActivityLog();
  readonly quota = new MemoryQuotaStore();
  nowMs = Date.parse('2026-11-23T10:00:00.000Z');
  readonly clock = { now: () => this.nowMs };
  readonly sites = { amazon: AMAZON_SITES, ebay: EBAY_SITES, manomano: MANOMANO_SITES };
  readonly actor = 'person-1';
  readonly probings: AskAccountDeps['probings'];

  constructor(channels: readonly Channel[] = []) {
    this.channels = new MemoryChannelStore(channels);
    const asking = (marketplace: Marketplace) => ({
      probe: this.probe,
      search: { operation: `ask-${marketplace}`, plan: { ratePerSecond: 0.016, burst: 15 } },
      calls: (sites: number) => (marketplace === 'manomano' ? Math.max(1, sites) : 1),
    });
    this.probings = { amazon: asking('amazon'), ebay: asking('ebay'), manomano: asking('manomano') };
  }

  minutesLater(minutes: number): void {
    this.nowMs += minutes * 60_000;
  }

  /** What was written down, in the order of the alphabet: much of it happens at one instant. */
  async done(): Promise<readonly string[]> {
    const { activities } = await this.activities.list({ limit: 1_000 });
    return activities.map(({ action, subject }) => `${action} ${subject}`).sort();
  }
}
