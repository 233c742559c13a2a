import type { ReceiptSettingTexts } from './texts.ts';

export const en: ReceiptSettingTexts = {
  'vat-number-malformed': (number) =>
    `The VAT number ${number} is not valid: it takes the country and the number, for Italy IT and eleven digits.`,
  'vat-number-of-another-country': (country) => `The VAT number is not of the seller's country (${country}).`,
  'rule-id-malformed': (rule) =>
    `The rule's name ${rule} will not do: lower-case letters, digits and hyphens, 40 at most.`,
  'rule-twice': (rule) => `The rule ${rule} is there twice: each has a name of its own.`,
  'rule-country-malformed': (country) => `${country} is not a country's code of two capital letters.`,
  'rule-without-effect': (rule) =>
    `The rule ${rule} can never hold: one before it always does, or one of its lists is empty.`,
  'own-rate-missing': (country) => `The standard rate of the seller's country (${country}) is missing.`,
  'oss-rate-missing': (country) =>
    `With the one-stop shop the standard rate of every EU country is needed: ${country} is missing.`,
  'rate-zero': (what) =>
    `The rate of ${what} cannot be zero: sales without VAT are recognised by where they go.`,
  'product-rate-twice': (what) => `The rate of ${what} is there twice.`,
  'logo-no-picture': () => 'The logo is neither a PNG nor a JPEG.',
  'logo-damaged': () => "The logo's picture is incomplete or damaged: save it again and retry.",
  'logo-kind': () =>
    'This kind of picture cannot be printed: it takes a PNG of 8 bits that is not interlaced, or a JPEG in RGB or grey.',
  'logo-dimensions': () => 'The logo must have 16 to 2000 pixels on each side.',
  'address-not-allowed': () =>
    "The issuer's address must be public and begin with https://, without port or parameters.",
  'series-of-the-issuer': () => 'The series is not chosen here: this issuer gives the numbers itself.',
  'channel-not-here': () => 'There is no such channel.',
  'channel-archived': () => 'The channel is archived: it is not associated any more.',
  'seller-data-missing': () =>
    "The seller's data are needed first: they are entered in the settings, under Receipts.",
  'connection-missing': () =>
    'The issuer is not connected: enter its address, account and key in the settings, under Receipts.',
  'connection-in-use': (channels) =>
    `Some channels still use this connection (${channels}): end their association first.`,
  'changed-meanwhile': () => 'Somebody else changed it meanwhile: read it again and retry.',
  'key-missing': () => "The issuer's key is missing.",
  'key-refused': () => 'The issuer does not take the key: nothing was stored.',
  'issuer-throttled': () => 'The issuer gets too many requests: nothing was changed, try again in a minute.',
  'issuer-unavailable': () =>
    'The issuer does not answer: nothing was changed here. Try again, the same request may be repeated.',
  'issuer-refused': () =>
    'The issuer refused the request: check address and account. Nothing was changed here.',
};
