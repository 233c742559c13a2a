import { inBrackets, quoted, type Texts } from './texts.ts';

const SETTLEMENT = 'Reports > Payments > All Statements > Download Flat File V2';
const TRANSACTIONS = 'Reports > Payments > Reports Repository, type Transaction';
const DOWNLOAD = `In Seller Central download the file from ${SETTLEMENT}, or from ${TRANSACTIONS}.`;
const AGAIN = 'Download it from Amazon again and upload it as it is, without opening and saving it in Excel.';

export const en: Texts = {
  refusals: {
    empty: () => `The file is empty. ${DOWNLOAD}`,
    pdf: () =>
      `This is a PDF, the summary for printing: it does not hold the single transactions. ${DOWNLOAD}`,
    xlsx: () =>
      `This is an Excel workbook or a compressed archive, not the text file Amazon gives. ${DOWNLOAD}`,
    xml: () => `This is an XML file: Amazon no longer provides statements in that format. ${DOWNLOAD}`,
    'transaction-view': () =>
      `This is the export of the "Transaction view" screen: it has one total per order, not the single fees. ${DOWNLOAD}`,
    'saved-by-excel': (detail) =>
      `The file was saved by Excel or a similar program${inBrackets(detail)}. ${AGAIN}`,
    'broken-order-ids': (detail) =>
      `Excel turned the order numbers into plain numbers${quoted(detail)}, and they cannot be restored. ${AGAIN}`,
    mojibake: (detail) =>
      `The accented letters are broken${quoted(detail)}: the file was opened and saved with the wrong encoding. ${AGAIN}`,
    binary: () => `The content is not text: this is not an Amazon payment report. ${DOWNLOAD}`,
    'unknown-columns': (detail) =>
      `A column is unknown or missing${quoted(detail)}. The file is not read, because amounts would be lost. If it is exactly as Amazon gave it, report the column's name to support.`,
    'not-a-payment-report': () => `This is not an Amazon payment report. ${DOWNLOAD}`,
    'mixed-decimals': (detail) =>
      `Some amounts have a decimal comma and some a decimal point${quoted(detail)}: the file was edited. ${AGAIN}`,
    'undecided-decimals': (detail) =>
      `The amounts do not show whether they use a decimal comma or a decimal point${quoted(detail)}. Set the channel's currency and upload the file again.`,
    'currency-unknown': () =>
      `The file does not say which currency its amounts are in. Set the channel's currency and upload the file again.`,
    'mixed-currencies': (detail) =>
      `The file holds amounts in several currencies${inBrackets(detail)}. Download one file per marketplace.`,
    'cut-in-header': () => `The file ends inside its header row: the download did not finish. ${AGAIN}`,
    'damaged-quotes': (detail) =>
      `The file's quotation marks are damaged${inBrackets(detail)}, so its rows cannot be told apart. ${AGAIN}`,
    'unknown-channel': (detail) =>
      `The channel${quoted(detail)} does not exist. Upload the file under an open channel, or open the channel first.`,
  },
  rejects: {
    'too-few-columns': 'The row has fewer columns than the header: it is cut off.',
    'too-many-columns': 'The row has more columns than the header: its amounts are not in their places.',
    'no-amount': 'The row has no amount.',
    'unreadable-amount': 'The amount is not a readable number.',
    'too-many-decimals': 'The amount has more decimals than its currency.',
    'no-settlement-id': 'The settlement number is missing.',
    'second-summary-row': 'This is a second summary row of the same settlement.',
    'row-does-not-add-up': "The row's amounts do not add up to its total.",
    'unreadable-date': 'The date is not readable.',
    'amount-without-type': 'The amount has no type: there is no telling what it is.',
  },
  notices: {
    'unknown-word': (detail) =>
      `Unknown type of movement${quoted(detail)}: its rows are counted apart, not among the fees.`,
    'other-column-on-order': (detail) =>
      `Order rows with an amount in the column "other"${inBrackets(detail)}: counted as a cost of the order, not as a fee.`,
    'last-line-cut': () => 'The last line is cut off: the download may not have finished.',
  },
  warnings: {
    replaced: (detail) => `Replaces an earlier upload with other contents${inBrackets(detail)}.`,
    'kept-longer': (detail) => `This day was there already with more rows, which stay${inBrackets(detail)}.`,
    'kept-newer': (detail) => `A newer upload is there already and stays${inBrackets(detail)}.`,
    'foreign-currency': (detail) => `Orders in a currency other than the report's${inBrackets(detail)}.`,
  },
  labels: {
    buckets: {
      order: 'Orders',
      account: 'Account (no order)',
      waiting: 'Waiting for their order',
      otherChannel: 'Other sales channels',
      unclassified: 'Unclassified',
      rejected: 'Rejected',
    },
    feeGroups: {
      commission: 'Selling fees',
      fba: 'Fulfilment by Amazon',
      shipping: 'Shipping and gift wrap',
      digitalServices: 'Digital services',
      refundCommission: 'Kept on refunds',
      other: 'Other fees',
    },
    states: {
      'not-tracked': 'no payment file',
      'not-due': 'not due yet',
      'partly-settled': 'partly settled',
      settled: 'settled',
      refunded: 'refunded',
      overdue: 'overdue',
      waiting: 'waiting',
      'other-channel': 'other channel',
    },
    outcomes: {
      processing: 'being read',
      imported: 'imported',
      refused: 'refused',
      duplicate: 'imported before',
      superseded: 'superseded by a newer one',
    },
    file: 'File',
    format: 'Format',
    settlements: 'Settlements',
    rows: 'Rows',
    amount: 'Amount',
    bucket: 'Bucket',
    total: 'Total',
    stated: 'Total the file states',
    balanced: 'balanced',
    unbalanced: 'NOT balanced',
    statesNoTotal: 'the file states no total',
    fees: 'Fees',
    channel: 'Channel',
    order: 'Order',
    fee: 'Fee',
    sales: 'Sales',
    tax: 'Tax',
    refunds: 'Refunds',
    other: 'Other',
    net: 'Net',
    state: 'State',
    line: 'Line',
    reason: 'Reason',
    rejected: 'Rejected rows',
    refused: 'REFUSED',
    notices: 'To know',
    moreOrders: (count) => `… and ${count} more orders (all with --json)`,
  },
};
