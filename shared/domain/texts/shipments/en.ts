import type { ShipmentTexts } from './texts.ts';

const of = (detail: string): string => (detail === '' ? '' : ` (${detail})`);

export const en: ShipmentTexts = {
  confirmations: {
    'already-confirmed': 'The marketplace has this number already: there is nothing to send.',
    'cannot-be-edited':
      'The marketplace has a number for this package and takes no changes. If it is wrong, tell the buyer on the marketplace’s site.',
    'red-order':
      'The order is red: somebody acted on it at its marketplace by hand. Look at the marketplace and, if all is well, repeat with the confirmation (confirmedRed).',
    'malformed-number':
      'This is not a shipment number of this courier, or the marketplace does not take it: check the digits on the label.',
  },
  refusals: {
    'nothing-to-know-it-by': () =>
      'A number is missing: give the sender reference, the parcel numbers or the shipment number.',
    'number-malformed': (detail) =>
      `The number does not look like the courier's${of(detail)}. BRT: shipment of 12 digits, parcel of 15 digits, reference of at most 15 characters.`,
    'carrier-missing': () => 'For a courier entered by hand, give its name too.',
    'reference-taken': (detail) =>
      `Another shipment has this reference already, with other orders or other quantities${of(detail)}.`,
    'account-unknown': (detail) => `There is no such contract with the courier${of(detail)}: open it first.`,
    'account-ambiguous': (detail) =>
      `There are several contracts with this courier${of(detail)}: say which one to use.`,
    'order-twice': (detail) => `The same order is named twice${of(detail)}.`,
    'order-unknown': (detail) => `The order has not arrived yet${of(detail)}: wait for the synchronisation.`,
    'line-unknown': (detail) => `The order has no such line${of(detail)}.`,
    'line-twice': (detail) => `The same order line is named twice${of(detail)}.`,
    'too-many': (detail) => `There are more pieces than are left to ship${of(detail)}.`,
    'nothing-left': (detail) =>
      `Nothing of the order is left to ship${of(detail)}: all of it is in other shipments.`,
    'amount-malformed': (detail) =>
      `The amount is not readable or not above zero${of(detail)}: write it as 19.90 with its currency.`,
    'already-shipped': (detail) => `The order is already shipped at the marketplace${of(detail)}.`,
    cancelled: (detail) => `The order is cancelled or refunded${of(detail)}: it must not be shipped.`,
    'marketplace-ships': (detail) => `The marketplace ships this order itself${of(detail)}.`,
    'cancellation-requested': (detail) =>
      `The buyer has asked to cancel${of(detail)}: answer that request first.`,
    'not-ready': (detail) => `The order is not to be shipped yet${of(detail)}: it is unpaid or not accepted.`,
    'red-order': (detail) =>
      `The order is red: somebody acted on it at its marketplace by hand${of(detail)}. Look at the marketplace and, if all is well, repeat with the confirmation (confirmedRed).`,
    'buyer-unknown': (detail) =>
      `Nothing is known of the buyer yet${of(detail)}: wait for the synchronisation.`,
    'buyer-waiting': (detail) =>
      `The buyer's address has not arrived yet${of(detail)}: it is asked for by itself; try again in some minutes, or write the address.`,
    'buyer-refused': (detail) =>
      `The marketplace or provider does not give the buyer's address${of(detail)}: read it at the marketplace and write it here.`,
    'buyer-deleted': (detail) =>
      `The buyer's data was deleted when its time was over${of(detail)}: nothing can be shipped from here any more.`,
    'address-incomplete': (detail) =>
      `The address lacks name, street, postcode, city or country${of(detail)}: write the whole address.`,
    'province-unknown': (detail) =>
      `The address does not show its province${of(detail)}: write the address with the province's two letters.`,
    'different-recipients': (detail) =>
      `The orders go to different addresses${of(detail)}: make one shipment for each.`,
    'not-made-here': () => 'The shipment was made elsewhere: it cannot be changed at the courier from here.',
    'already-made': () => 'The courier has made the shipment: delete it first, then make another.',
    'not-made-yet': () => 'The courier has not made the shipment yet.',
    'already-deleted': () => 'The shipment has been deleted.',
    'too-early': (detail) =>
      `The courier is still processing the shipment: try again in ${detail === '' ? 'some minutes' : `${detail} minutes`}.`,
    'changed-meanwhile': () => 'Somebody else changed it meanwhile: read it again and retry.',
  },
  making: {
    invalid:
      'The courier does not accept a part of the shipment: check address, weight and parcels, then try again.',
    unauthorised:
      'The courier refuses the credentials: renew them in the contract with the courier, then try again. No shipments are made until then.',
    address: 'The courier finds no way to this address: correct the address and try again.',
    'pick-up-point':
      'The courier does not know the pick-up point: choose another or take it away, then try again.',
    inconsistent:
      'The parts of the shipment contradict each other, says the courier: check them and try again.',
    'not-confirmable': 'The courier cannot confirm the shipment: ask the depot.',
    'taken-over': 'The depot has taken the shipment over: it can no longer be deleted. Call the depot.',
    'not-unique':
      'The courier has several shipments under the same reference: call the depot and have the extra one deleted.',
    unavailable:
      'The courier did not answer: it is tried again by itself, after five minutes at the earliest.',
    'unexpected-answer':
      'The courier answered something that is not understood: look on its site whether the shipment is there, then try again. One that may be there is deleted first.',
  },
  warnings: {
    'address-normalised':
      'The courier has rewritten the address: compare it with the order’s before the parcels leave.',
    'pick-up-point-differs':
      'The address differs from the pick-up point’s: check it before the parcels leave.',
    other: 'The courier made the shipment with an unknown warning: look at it on its site.',
  },
  files: {
    empty: () => 'The file is empty.',
    'not-text': () =>
      'The file is no CSV text in UTF-8: save it as “CSV UTF-8” and upload it again. No row has been read.',
    'no-header': (detail) =>
      `The first row has no headings${of(detail)}: courier, marketplace, order and a number are needed at least.`,
    'column-twice': (detail) =>
      `A column is there twice${of(detail)}: take it away and upload the file again.`,
    'too-large': (detail) => `The file is too large${of(detail)}: split it into several.`,
    'damaged-quotes': (detail) =>
      `The file's quotation marks are damaged${of(detail)}: rows cannot be told apart.`,
    'cut-off': () => 'The row has fewer columns than the header: it is cut off.',
    'too-many-columns': () => 'The row has more columns than the header.',
    'courier-unknown': (detail) =>
      `The courier is not known${of(detail)}: brt, gls, dhl, poste, ups or manual.`,
    'marketplace-unknown': (detail) => `The marketplace is not known${of(detail)}: amazon, ebay or manomano.`,
    'order-missing': () => 'The order number is missing, or has characters it must not have.',
    'reference-malformed': (detail) =>
      `The number or reference has characters it must not have${of(detail)}. If Excel changed it, write it as text.`,
    'quantity-malformed': (detail) => `The quantity is no whole number from 1 on${of(detail)}.`,
    'line-missing': () => 'There is a quantity without an order line, or an order line without a quantity.',
    'date-malformed': (detail) =>
      `The date is not readable${of(detail)}: write it as 2026-11-23 or 23/11/2026, with the time if needed.`,
    'address-malformed': () => 'The address to follow the shipment has to begin with https://.',
    'rows-disagree': (detail) => `The rows of one shipment do not say the same${of(detail)}.`,
    'other-row-wrong': (detail) =>
      `Line ${detail}, of the same shipment, is wrong: mend it, and upload the shipment's lines again.`,
    'too-much-in-one': () => 'A shipment carries 20 orders and 99 parcels at most: split it.',
  },
  accounts: {
    works: 'The credentials work.',
    savedUntested: 'The credentials are saved without a test: the courier could not answer.',
    invalid: (detail) => `The credentials are incomplete or have an unknown field${of(detail)}.`,
    noCredentials: 'The contract has no credentials yet.',
    cannotBeTested: "This courier's credentials cannot be tested from here.",
    unknown: 'There is no such contract with the courier.',
    idTaken: 'There is a contract of this short name already.',
    conflict: 'Somebody else changed the contract meanwhile: read it again and retry.',
    unauthorised: 'The courier refuses the credentials: nothing was saved or changed.',
    throttled: 'The courier gets too many requests: try again in some minutes.',
    unavailable: 'The courier does not answer: try again in some minutes.',
    'unexpected-answer': 'The courier answered something that is not understood.',
  },
};
