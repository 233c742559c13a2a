import type { RemoteActionTexts, RemoteWords } from './texts.ts';

const of = ({ detail }: RemoteWords): string => (detail === '' ? '' : ` (${detail})`);

export const en: RemoteActionTexts = {
  kinds: {
    accept: 'acceptance',
    refuse: 'refusal',
    ship: 'confirmation of shipment',
    cancel: 'cancellation',
    'approve-cancellation': 'cancellation asked for by the buyer, approved',
    'reject-cancellation': 'cancellation asked for by the buyer, rejected',
    refund: 'refund',
  },
  refusals: {
    'not-offered': ({ pages }) =>
      `The marketplace lets no program do this: do it in ${pages}; it is seen at the next sync.`,
    'marketplace-ships': () => 'The marketplace itself handles and ships this order.',
    'wrong-status': ({ pages }) =>
      `Not possible as the order stands. If it stands otherwise in ${pages}, wait for the next sync.`,
    'no-request': () => 'The buyer has not asked for a cancellation.',
    'cancellation-requested': () => 'The buyer has asked to cancel: answer that first.',
    'under-way': ({ otherKind, by, at }) =>
      `Another action on this order is under way: ${otherKind}, asked for by ${by} on ${at}. Wait for its end.`,
    'waits-for-sync': ({ otherKind, by, at }) =>
      `Done from here already: ${otherKind}, by ${by} on ${at}. It is seen at the next sync.`,
    'unclear-before': ({ otherKind, by, at, pages }) =>
      `Nobody knows whether an earlier action was done: ${otherKind}, by ${by} on ${at}. Look in ${pages}, and write here how it went.`,
    'signature-missing': () =>
      'eBay wants this signed, and the account has no signing key: add it to the credentials (fields signingKeyJwe and signingPrivateKey).',
    'nothing-left': () => 'Nothing is left: all of it is shipped or given back.',
    'amount-unknown': ({ pages }) =>
      `What was paid is not known: give it back in ${pages}; it is seen at the next sync.`,
    'reason-not-taken': (words) => `The marketplace does not take this reason${of(words)}.`,
    'line-unknown': (words) => `The order has no such line${of(words)}.`,
    'line-twice': (words) => `The same line is named twice${of(words)}.`,
    'no-lines': () => 'Name at least one line.',
    'too-many': (words) => `These are more pieces than are still to be shipped${of(words)}.`,
    'amount-malformed': (words) =>
      `The amount cannot be read, or is not more than nothing${of(words)}: write it as 19.90.`,
    'other-currency': (words) => `The currency is not the order’s${of(words)}.`,
    'too-much': (words) => `The amount is more than can still be given back${of(words)}.`,
    'carrier-not-mapped': (words) =>
      `The marketplace does not know this carrier${of(words)}: add its name there to the channel.`,
    'tracking-number-malformed': () => 'Not a number of this courier’s, or none that the marketplace takes.',
    'tracking-url-missing': () =>
      'The address where the parcel can be followed is missing; ManoMano asks for it.',
    'line-without-sku': (words) =>
      `The line has no SKU, by which alone ManoMano knows it${of(words)}: ship it in Toolbox.`,
    'action-of-another-wish': () => 'This id belongs to another action already: use a new one.',
  },
  reasons: {
    throttled: () => 'The marketplace limits calls: it is tried again by itself.',
    unavailable: () => 'The marketplace did not answer: it is asked how it went before another try.',
    unauthorised: () => 'The account’s authorisation is gone: renew it, then it is tried again by itself.',
    'order-changed': () => 'The order has changed meanwhile: nothing was sent.',
    'signature-missing': () =>
      'eBay wants this signed, and the account has no signing key: nothing was sent.',
    'not-allowed': () =>
      'What the application was authorised for does not cover this: renew it with the missing permissions.',
    rejected: ({ detail, pages }) =>
      `The marketplace refused${detail === '' ? '' : ` (code ${detail})`}: ${pages} has the particulars.`,
    'too-much': () => 'The amount is more than the marketplace can still give back: nothing was sent.',
    'no-request': () => 'The buyer’s request is gone: nothing was sent.',
    'gave-up': () => 'It could not be asked for a whole day: nothing was sent.',
    'partly-done': ({ pages }) =>
      `The marketplace did some of the lines only: look in ${pages}, and write here how it went.`,
    'cannot-tell': ({ pages }) =>
      `The marketplace does not say whether it was done: look in ${pages}, and write here how it went.`,
    'seen-by-a-person': () => 'A person looked at the marketplace, and wrote it here.',
  },
  states: {
    wanted: () => 'Stored: about to be sent.',
    sending: () => 'Under way: waiting for the marketplace’s answer.',
    followed: () => 'The marketplace has it, and works on it.',
    done: () => 'Done at the marketplace. The order changes here with the next sync.',
    refused: () => 'Not done.',
    unclear: () => 'Nobody knows whether it was done: it is not repeated by itself.',
  },
  effects: {
    accept: () => 'The order is accepted: from then on it has to be shipped.',
    refuse: () => 'The order is refused, and the buyer gets back what was paid. It cannot be undone.',
    ship: {
      amazon: () => 'Amazon gets carrier and number, marks these pieces as shipped and tells the buyer.',
      ebay: () => 'eBay gets carrier and number and tells the buyer. A number once sent cannot be changed.',
      manomano: () =>
        'ManoMano gets carrier and number and tells the buyer. A number once sent cannot be changed.',
    },
    cancel: {
      amazon: () =>
        'The whole order is cancelled by a feed, which Amazon works on for some minutes. It cannot be undone, and may count in the metrics.',
      ebay: () => 'The whole order is cancelled and, where paid, refunded. It cannot be undone.',
      manomano: ({ pages }) => `It is done in ${pages}.`,
    },
    'approve-cancellation': () =>
      'The buyer’s request is approved: the order is cancelled and, where paid, refunded.',
    'reject-cancellation': () => 'The buyer’s request is rejected: the order is still to be shipped.',
    refund: {
      amazon: ({ detail }) =>
        `The buyer gets back ${detail} by a feed, which Amazon works on for some minutes. It cannot be undone.`,
      ebay: ({ detail }) => `The buyer gets back ${detail}. It cannot be undone.`,
      manomano: ({ pages }) => `It is done in ${pages}.`,
    },
  },
  onlyThere: () => 'It has an effect at the marketplace only: here the order changes with the next sync.',
  turnsRed: () =>
    'The order is marked red and stays red: standard operations on it will ask for confirmation.',
  better: {
    ship: () =>
      'It is better to register or make the shipment here: the marketplace is told by itself, and the parcel is followed.',
    cancel: () => 'If a receipt was issued for the order, reverse it here.',
    'approve-cancellation': () => 'If a receipt was issued for the order, reverse it here.',
    refund: () => 'Issue the reversal of the receipt here, as the standard operation.',
  },
};
