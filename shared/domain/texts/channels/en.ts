import type { Marketplace } from '../../order.ts';
import { inBrackets, quoted } from '../texts.ts';
import { type ChannelTexts, MARKETPLACE_NAMES } from './texts.ts';

const RENEW: Readonly<Record<Marketplace, string>> = {
  amazon:
    'In Seller Central, under Apps and Services > Manage Your Apps, authorise the application again and save the new refresh token here; if the client secret ran out, rotate it in the developer console and save the new one.',
  ebay: "Sign in to eBay again as the shop's user, give consent, and save the new refresh token here.",
  manomano:
    'In ManoMano Toolbox, under Settings > API keys, an administrator generates a new key: save it here.',
};
const FORBIDDEN: Readonly<Record<Marketplace, string>> = {
  amazon:
    'Add the missing roles to the developer profile and to the application, then authorise the application again in Seller Central.',
  ebay: "Check that the eBay application has the permissions it asks for, and give consent again as the shop's user.",
  manomano:
    "Check in ManoMano Toolbox that the key is active and that the contract numbers are the shop's own.",
};
const ACCOUNT_IDS: Readonly<Record<Marketplace, string>> = {
  amazon: "Seller Central's Merchant Token, capital letters and digits",
  ebay: "the shop's eBay user",
  manomano: 'a short name of letters, digits, dots and hyphens',
};

export const en: ChannelTexts = {
  notices: {
    archived: (detail) => `The channel is archived${inBrackets(detail)}: it syncs nothing any more.`,
    revoked: (detail) =>
      `The marketplace no longer knows the authorisation${inBrackets(detail)}: orders do not arrive until you renew it, and then all of them are caught up.`,
    'no-credentials': () => "The marketplace's credentials are missing: save them in the channel's settings.",
    failing: (detail) =>
      `For now the marketplace does not answer as it should${inBrackets(detail)}: the sync keeps trying by itself.`,
    expired: (detail) => `A credential has expired${inBrackets(detail)}: renew it and save it again.`,
    'site-inactive': (detail) => `The site or contract${quoted(detail)} is not active for this account.`,
    'permission-missing': (detail) =>
      `The application lacks a permission${quoted(detail)}: a part of the work is not possible.`,
    'expires-soon': (detail) =>
      `A credential is about to expire${inBrackets(detail)}: renew it before that day.`,
    'orders-off': () => "The sync of orders is off until you switch it on in the channel's settings.",
  },
  problems: {
    unauthorised: (marketplace) =>
      `${MARKETPLACE_NAMES[marketplace]} does not accept these credentials. ${RENEW[marketplace]}`,
    forbidden: (marketplace) =>
      `${MARKETPLACE_NAMES[marketplace]} knows the credentials but does not allow what is needed. ${FORBIDDEN[marketplace]}`,
    throttled: (marketplace) =>
      `${MARKETPLACE_NAMES[marketplace]} has answered too many requests of this account. Try again in some minutes.`,
    unavailable: (marketplace) =>
      `${MARKETPLACE_NAMES[marketplace]} does not answer at the moment. Try again in some minutes.`,
    'unexpected-answer': (marketplace) =>
      `${MARKETPLACE_NAMES[marketplace]} answered in a way we do not know. Try again; if it repeats, report it to support.`,
  },
  problemNames: {
    unauthorised: 'unauthorised',
    forbidden: 'forbidden',
    throttled: 'too many requests',
    unavailable: 'no answer',
    'unexpected-answer': 'unknown answer',
  },
  credentials: {
    saved: (account) => `The credentials of account ${account} work and have been saved.`,
    savedUntested: (marketplace) =>
      `The credentials have been saved without a test, because ${marketplace} could not answer: the check every 15 minutes will tell whether they work.`,
    nothingChanged: 'Nothing was changed: the credentials from before stay.',
    notTested: 'The credentials could not be tested now, and nothing was changed.',
    otherAccount: (found) =>
      `The credentials belong to another account${quoted(found)}. Nothing was changed: use this shop's credentials, or open a channel for that account.`,
    invalidAccount: (marketplace) => `The account's id is not valid: it is ${ACCOUNT_IDS[marketplace]}.`,
    invalidIssueDate: 'An issue date is not valid: it must be a day in the past.',
    conflict:
      'Somebody else saved other credentials of the same account at the same moment: theirs hold. Reload the page and, if need be, save again.',
    faults: {
      missing: (field) => `The field${quoted(field)} of the credentials is missing.`,
      unknown: (field) => `The field${quoted(field)} is no part of this marketplace's credentials.`,
      'too-long': (field) => `The field${quoted(field)} of the credentials is too long.`,
    },
  },
  findings: {
    shop: (name) => `The shop is called${quoted(name)} at the marketplace.`,
    sites: (names) => `Active sites or contracts: ${names}.`,
    noSites: 'The marketplace named no active site or contract.',
  },
  faults: {
    'channel-id': () =>
      "The channel's id is not valid: lower case, digits and hyphens, at most 40, such as amazon-it.",
    name: () => "The channel's name is not valid: 1 to 80 characters.",
    country: (marketplace) => `${MARKETPLACE_NAMES[marketplace]} has no site in this country.`,
    'account-id': (marketplace) => `The account's id is not valid: it is ${ACCOUNT_IDS[marketplace]}.`,
    contracts: (marketplace) =>
      marketplace === 'manomano'
        ? 'The contracts are not valid: at least one contract number, each only once, with its country and delivery type.'
        : 'Only ManoMano has contracts.',
    'orders-from': () => 'The first day to import is not valid: it must be a day in the past.',
    carriers: () =>
      'Each carrier once, in a word its marketplace knows. ManoMano takes only the names of its own list, upper and lower case included.',
    'orders-from-too-late': () =>
      'The first day to import cannot be changed any more, because orders have been imported: ask for a backfill by dates for older ones.',
  },
  refusals: {
    idTaken: (channelId) => `There is a channel with the id${quoted(channelId)} already.`,
    siteTaken: (channelId) =>
      `This site of the account already belongs to the channel${quoted(channelId)}: archive that one first, or use it.`,
    noCredentials: "The account's credentials are missing: save them first in the channel's settings.",
    unknownChannel: 'The channel does not exist, check its id.',
    archived: 'The channel is archived and cannot be changed any more: open a new one.',
    conflict: 'Somebody else changed the channel meanwhile: reload it and repeat your change.',
  },
  addedSites: (names) =>
    `New orders of the added contracts (${names}) arrive by themselves; ask for a backfill by dates for those from before.`,
  dryRun: {
    counted: ({ total, known, withoutPersonalData, complete }) =>
      `${complete ? '' : 'At least '}${counted(total, 'order', 'orders')}, ${known} known, ${withoutPersonalData} without personal data.`,
    notCovered: (count) =>
      `${counted(count, 'order is of a site', 'orders are of sites')} that the channel does not cover: not to be stored.`,
    unreadable: (count) =>
      `${counted(count, 'order is', 'orders are')} not readable: report it to support before switching on.`,
    refusedSites: (names) => `The marketplace refused to search some sites or contracts: ${names}.`,
    nothingToPull: 'There is nothing new to import.',
    noCallsLeft: (minutes) =>
      `The requests that the marketplace grants are used up: try again in ${counted(minutes, 'minute', 'minutes')}.`,
  },
  switches: { orders: 'Orders', tracking: 'Tracking', receipts: 'Receipts', listings: 'Listings' },
  states: {
    working: 'working',
    failing: 'failing',
    revoked: 'authorisation revoked',
    unknown: 'never tried',
  },
  expiries: {
    'client-secret': 'client secret',
    'refresh-token': 'refresh token',
    'signing-key': 'signing key',
  },
};

function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}
