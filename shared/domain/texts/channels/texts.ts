import type { AccountProblem, CredentialExpiry } from '../../account.ts';
import type { CredentialFault } from '../../account-credentials.ts';
import type { ChannelFault } from '../../channel-settings.ts';
import type { AccountView, ChannelNotice, SyncSwitch } from '../../channel-view.ts';
import type { Marketplace } from '../../order.ts';

/** Everything the shop's operator is told about channels and their credentials, in one language. */
export interface ChannelTexts {
  /** What a person should know about a channel. The detail is in words; it may be empty. */
  readonly notices: Readonly<Record<ChannelNotice['code'], (detail: string) => string>>;
  /** Why the marketplace did not let us in, and what to do. */
  readonly problems: Readonly<Record<AccountProblem, (marketplace: Marketplace) => string>>;
  /** The same in two words, for brackets and tables. */
  readonly problemNames: Readonly<Record<AccountProblem, string>>;
  readonly credentials: {
    readonly saved: (account: string) => string;
    readonly savedUntested: (marketplace: string) => string;
    readonly nothingChanged: string;
    readonly notTested: string;
    readonly otherAccount: (found: string) => string;
    readonly invalidAccount: (marketplace: Marketplace) => string;
    readonly invalidIssueDate: string;
    readonly conflict: string;
    readonly faults: Readonly<Record<CredentialFault['fault'], (field: string) => string>>;
  };
  readonly findings: {
    readonly shop: (name: string) => string;
    readonly sites: (names: string) => string;
    readonly noSites: string;
  };
  readonly faults: Readonly<Record<ChannelFault, (marketplace: Marketplace) => string>>;
  readonly refusals: {
    readonly idTaken: (channelId: string) => string;
    readonly siteTaken: (channelId: string) => string;
    readonly noCredentials: string;
    readonly unknownChannel: string;
    readonly archived: string;
    readonly conflict: string;
  };
  readonly addedSites: (names: string) => string;
  readonly dryRun: {
    readonly counted: (counts: {
      readonly total: number;
      readonly known: number;
      readonly withoutPersonalData: number;
      readonly complete: boolean;
    }) => string;
    readonly notCovered: (count: number) => string;
    readonly unreadable: (count: number) => string;
    readonly refusedSites: (names: string) => string;
    readonly nothingToPull: string;
    readonly noCallsLeft: (minutes: number) => string;
  };
  readonly switches: Readonly<Record<SyncSwitch, string>>;
  readonly states: Readonly<Record<AccountView['state'], string>>;
  readonly expiries: Readonly<Record<CredentialExpiry['what'], string>>;
}

/** As the marketplaces write themselves. */
export const MARKETPLACE_NAMES: Readonly<Record<Marketplace, string>> = {
  amazon: 'Amazon',
  ebay: 'eBay',
  manomano: 'ManoMano',
};
