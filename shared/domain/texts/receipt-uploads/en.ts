import type { ReceiptUploadTexts } from './texts.ts';

export const en: ReceiptUploadTexts = {
  states: {
    wanted: ({ marketplace }) => `Waits to be put on ${marketplace}.`,
    sending: ({ marketplace }) => `On its way to ${marketplace}.`,
    followed: ({ marketplace }) => `${marketplace} has it and is working on it.`,
    accepted: ({ marketplace }) => `${marketplace} has it.`,
    rejected: ({ marketplace }) => `It is not on ${marketplace}.`,
    unclear: ({ marketplace }) =>
      `Nobody knows whether ${marketplace} has it: it is not sent again by itself. Look there, and say here whether you see it.`,
    'not-available': ({ marketplace }) => `It is not put on ${marketplace}.`,
  },
  reasons: {
    'order-not-here': () => 'The order is not here yet.',
    'order-not-ready': () => 'The order is not paid or not accepted yet: it is sent afterwards by itself.',
    'order-not-shipped': ({ marketplace }) =>
      `${marketplace} takes it once the order is shipped: it is sent then by itself.`,
    'receipts-sync-off': () =>
      'The switch Receipts of the channel is off. Switch it on in the channel’s settings, and it is sent by itself.',
    throttled: ({ marketplace }) =>
      `${marketplace} takes so many calls an hour: it is sent when it is its turn.`,
    unavailable: ({ marketplace }) => `${marketplace} does not answer. It is tried again by itself.`,
    unauthorised: ({ marketplace }) =>
      `${marketplace} does not let the account in. Renew its authorisation, and it is sent by itself.`,
    'order-cancelled': () => 'The order was cancelled: nothing was sent.',
    'receipt-reversed': () => 'The receipt was taken back whole: nothing was sent.',
    'pdf-missing': () => 'Its PDF is not in the archive: nothing was sent. Tell the support.',
    'pdf-empty': () => 'Its PDF is empty: nothing was sent. Tell the support.',
    'pdf-too-large': () =>
      'Its PDF is larger than 5 MB: nothing was sent. Use a smaller logo, and issue it again.',
    'pdf-malformed': () => 'Its file is no whole PDF: nothing was sent. Tell the support.',
    'pdf-differs': () => 'Its PDF is not the one that was issued: nothing was sent. Tell the support.',
    'gave-up': () => 'It could not be sent for a month. Remove the cause, then retry.',
    'too-large': ({ marketplace }) =>
      `${marketplace} finds the file too large. Use a smaller logo, and issue it again.`,
    'type-refused': ({ marketplace }) => `${marketplace} does not take this type of file. Tell the support.`,
    'unknown-there': ({ marketplace }) =>
      `${marketplace} does not know the order, or not under this contract. Check the channel’s contracts, then retry.`,
    'not-allowed': ({ marketplace }) =>
      `The account may not put documents on ${marketplace}. Authorise it with the right to (Amazon: Tax Invoicing), then retry.`,
    'marketplace-invoices': ({ marketplace }) =>
      `${marketplace} makes the invoice of this order itself and takes none of ours.`,
    rejected: ({ marketplace, code }) =>
      `${marketplace} refused it${code}. Look at the order there, then retry.`,
    'cannot-tell': ({ marketplace }) =>
      `${marketplace} did not answer the upload, and cannot be asked what came of it.`,
    'already-there': ({ marketplace }) => `${marketplace} says that it has a document of this order already.`,
    'seen-by-a-person': () => 'A person saw it there.',
    'no-api': ({ marketplace }) =>
      `${marketplace} has no call that takes documents: send the PDF to the buyer through its messages, if they want it.`,
    'switched-off': () =>
      'The switch Receipts of the channel was off for a month. Switch it on in the channel’s settings, then retry.',
    'no-reversals': ({ marketplace }) => `${marketplace} takes invoices only, nothing that takes one back.`,
  },
  refusals: {
    'nothing-to-retry': () => 'It is there, or cannot be there: there is nothing to try again.',
    'under-way': () => 'It is being sent at this moment. Wait for a few minutes.',
    'look-first': ({ marketplace }) =>
      `Nobody knows whether it is there. Look at ${marketplace} first, and say whether you see it.`,
    'changed-meanwhile': () => 'Somebody else changed this in the meantime. Load it again and retry.',
  },
};
