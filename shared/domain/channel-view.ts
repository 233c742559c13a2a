import type { Account, AccountFindings, AccountProblem, CredentialExpiry, HealthState } from './account.ts';
import { daysUntil, EXPIRES_SOON_MS } from './account-credentials.ts';
import type { CarrierChoice } from './carrier-map.ts';
import type { Channel, ManomanoContract, PersonalDataModule } from './channel.ts';
import type { Marketplace } from './order.ts';
import { syncState } from './sync-state.ts';

/** A channel as people see it: settings, switches, and how it stands to its marketplace. Holds no secret. */
export interface ChannelView {
  readonly channelId: string;
  readonly name: string;
  readonly marketplace: Marketplace;
  readonly accountId: string;
  readonly country: string;
  readonly timeZone: string;
  readonly siteIds: readonly string[];
  readonly contracts: readonly ManomanoContract[];
  readonly carriers: readonly CarrierChoice[];
  readonly personalDataModule: PersonalDataModule | undefined;
  readonly archivedAt: string | undefined;
  /** Counts changes of the settings; goes back with the next change. */
  readonly version: number;
  readonly switches: Readonly<Record<SyncSwitch, boolean>>;
  readonly orders: {
    /** Orders changed before this instant are not asked for. ISO instant. */
    readonly from: string;
    /** Whether pulls are asked for: switched on, not archived, not revoked. */
    readonly pulled: boolean;
    /** Everything changed before this instant is here; undefined before the first complete pull. ISO instant. */
    readonly watermark: string | undefined;
    readonly lagMs: number;
    readonly lastCompletePullAt: string | undefined;
  };
  readonly account: AccountView;
  /** What a person should know, worst first. */
  readonly notices: readonly ChannelNotice[];
}

export interface AccountView {
  /** `unknown`: no credentials have been saved, or nobody has tried them yet. */
  readonly state: HealthState | 'unknown';
  readonly since: string | undefined;
  readonly checkedAt: string | undefined;
  readonly problem: AccountProblem | undefined;
  readonly credentialsSavedAt: string | undefined;
  readonly expiries: readonly (CredentialExpiry & { readonly daysLeft: number; readonly soon: boolean })[];
  readonly findings: AccountFindings | undefined;
}

export const SYNC_SWITCHES = ['orders', 'tracking', 'receipts', 'listings'] as const;
export type SyncSwitch = (typeof SYNC_SWITCHES)[number];

/** The setting behind each switch. */
export const SETTING_OF = {
  orders: 'ordersSync',
  tracking: 'trackingSync',
  receipts: 'receiptsSync',
  listings: 'listingsSync',
} as const satisfies Record<SyncSwitch, keyof Channel>;

export const CHANNEL_NOTICES = [
  'archived',
  'revoked',
  'no-credentials',
  'failing',
  'expired',
  'site-inactive',
  'permission-missing',
  'expires-soon',
  'orders-off',
] as const;
export interface ChannelNotice {
  readonly code: (typeof CHANNEL_NOTICES)[number];
  /** A site, a permission, what expires and when; may be empty. */
  readonly detail: string;
}

/** @param account the channel's, when its credentials were ever stored */
export function channelView(channel: Channel, account: Account | undefined, nowMs: number): ChannelView {
  const { pulled, lagMs, lastCompletePullAt } = syncState(channel, account, nowMs);
  const shown = accountView(account, nowMs);
  return {
    channelId: channel.channelId,
    name: channel.name,
    marketplace: channel.marketplace,
    accountId: channel.accountId,
    country: channel.country,
    timeZone: channel.timeZone,
    siteIds: channel.siteIds,
    contracts: channel.contracts ?? [],
    carriers: channel.carriers ?? [],
    personalDataModule: channel.personalDataModule,
    archivedAt: channel.archivedAt,
    version: channel.version ?? 1,
    switches: switchesOf(channel),
    orders: {
      from: channel.ordersFrom,
      pulled,
      watermark: channel.ordersWatermark,
      lagMs,
      lastCompletePullAt,
    },
    account: shown,
    notices: noticesOf(channel, shown),
  };
}

function switchesOf(channel: Channel): Readonly<Record<SyncSwitch, boolean>> {
  return {
    orders: channel.ordersSync,
    tracking: channel.trackingSync === true,
    receipts: channel.receiptsSync === true,
    listings: channel.listingsSync === true,
  };
}

/** An account as people see it; its secrets are not part of it. */
export function accountView(account: Account | undefined, nowMs: number): AccountView {
  return {
    state: account?.health.state ?? 'unknown',
    since: account?.health.since,
    checkedAt: account?.health.checkedAt,
    problem: account?.health.problem,
    credentialsSavedAt: account?.credentialsSavedAt,
    expiries: (account?.expiries ?? []).map((expiry) => ({
      ...expiry,
      daysLeft: daysUntil(expiry.at, nowMs),
      soon: Date.parse(expiry.at) - nowMs <= EXPIRES_SOON_MS,
    })),
    findings: account?.findings,
  };
}

function noticesOf(channel: Channel, account: AccountView): readonly ChannelNotice[] {
  if (channel.archivedAt !== undefined)
    return [{ code: 'archived', detail: channel.archivedAt.slice(0, 10) }];
  const notices: ChannelNotice[] = [];
  if (account.state === 'unknown') notices.push({ code: 'no-credentials', detail: '' });
  if (account.state === 'revoked')
    notices.push({ code: 'revoked', detail: account.since?.slice(0, 10) ?? '' });
  if (account.state === 'failing') notices.push({ code: 'failing', detail: account.problem ?? '' });
  for (const { what, at, daysLeft, soon } of account.expiries) {
    if (soon)
      notices.push({ code: daysLeft < 0 ? 'expired' : 'expires-soon', detail: `${what} ${at.slice(0, 10)}` });
  }
  for (const { siteId, name, active } of account.findings?.sites ?? []) {
    if (!active && channel.siteIds.includes(siteId)) notices.push({ code: 'site-inactive', detail: name });
  }
  for (const permission of account.findings?.missing ?? []) {
    notices.push({ code: 'permission-missing', detail: permission });
  }
  if (!channel.ordersSync) notices.push({ code: 'orders-off', detail: '' });
  return notices.sort((a, b) => CHANNEL_NOTICES.indexOf(a.code) - CHANNEL_NOTICES.indexOf(b.code));
}
