import type { ReceiptTexts } from './texts.ts';

export const en: ReceiptTexts = {
  'no-association': (channel) =>
    `No receipt can be issued: channel ${channel} is associated with no issuer. Set it in the channel's settings, under Receipts.`,
  'seller-data-missing': () =>
    'No receipt can be issued before the shop’s own data are entered. Enter them in the settings, under Receipts.',
  'issuer-connection-missing': () =>
    'The issuer is not connected. Enter its address and key in the settings, under Receipts.',
  'channel-not-here': (channel) => `The order's channel ${channel} is not here any more.`,
  'electronic-invoice-not-possible': (rule) =>
    `This order needs an electronic invoice (rule: ${rule}), and the built-in issuer makes courtesy receipts only. Associate the channel with an issuer that talks to SdI, or decide otherwise and say why.`,
  'order-not-here': () => 'There is no such order.',
  'order-not-ready': () => 'The order is not paid or not accepted yet. Its receipt can be issued afterwards.',
  'order-cancelled': () => 'The order was cancelled: there is nothing to document.',
  'red-order': () =>
    'The order is red: somebody acted on it at its marketplace by hand. Look at the marketplace and, if all is well, issue the receipt with the confirmation (confirmedRed).',
  'order-refunded': () => 'The order was paid back in full: there is nothing to document.',
  'nothing-to-pay': () => 'The order costs nothing: there is nothing to document.',
  'amounts-missing': () => 'The marketplace has not stated all amounts of the order yet. Try again later.',
  'totals-differ': (difference) =>
    `The order's lines and extras differ from its total by ${difference}. Nothing is issued until they agree: check the order at the marketplace.`,
  'currencies-differ': () => 'The order’s amounts are in more than one currency. Nothing is issued.',
  'not-due': (rule) => `No document is due for this order (rule: ${rule || 'none applies'}).`,
  'vat-rate-unknown': (what) =>
    `The VAT rate of ${what} is not known. Enter it in the table of rates, under Receipts.`,
  'vat-figures-differ': (what) =>
    `The marketplace's VAT of ${what} is not what its rate makes. Check the rate of the product.`,
  'zero-rate-unexplained': (what) =>
    `The marketplace states a VAT rate of zero for ${what}, and nothing says why. Check the order.`,
  'amount-unexplained': (what) => `The order has an amount (${what}) whose VAT cannot be told.`,
  'buyer-waiting': () => 'The buyer’s name is not here yet. The receipt can be issued when it has come.',
  'buyer-missing': () =>
    'The buyer’s data are gone or were refused, and an invoice needs them. Issue it at the issuer by hand.',
  'receipt-not-here': () => 'There is no such receipt.',
  'request-differs': () => 'This request was made before with other figures. Use another name for a new one.',
  'already-issued': () =>
    'The order has its receipt already. Take it back whole before another one is issued.',
  'number-void': () =>
    'The number was taken and nothing was issued under it: it stays void. Retry to issue with the next number.',
  'not-issued': () => 'Only a receipt that was issued can be taken back.',
  'nothing-to-reverse': () => 'The receipt was taken back whole already.',
  'reversal-exceeds': () => 'That is more than is left of the receipt, or not an amount.',
  'changed-meanwhile': () => 'Somebody else changed this in the meantime. Load it again and retry.',
  'cannot-be-rendered': () =>
    'The page cannot be drawn: the logo is no picture. Replace it in the settings, then retry.',
  'pdf-not-kept': () => 'The PDF could not be stored. It is tried again by itself, under the same number.',
  'issuer-refused': (codes) =>
    `The issuer refused the document (${codes || 'no reason given'}). Correct it, then retry.`,
  'issuer-mismatch': () =>
    'The issuer knows this request with other contents: the order changed after it was sent. Check it at the issuer.',
  'issuer-key-refused': () =>
    'The issuer does not accept the key. Enter a valid one; the document is then issued by itself.',
  'issuer-throttled': () => 'The issuer gets too many requests. It is tried again by itself.',
  'issuer-unavailable': () =>
    'The issuer does not answer. It is asked again by itself, and nothing is made twice.',
  'issuer-answer-unexpected': () =>
    "The issuer's answer breaks the contract. It is asked again by itself; tell the support.",
  'issuer-processing': () => 'The issuer is working on it.',
};
