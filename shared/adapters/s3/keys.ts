/** Where things stand in the tenant's report bucket: the only place that knows how a key is spelled. */
export const REPORT_PREFIX = 'payment-reports/';
/** Copies without personal data, kept for replay. */
export const REPLAY_PREFIX = 'replay/';
/** What each report said of each order, one JSON line per ledger entry. */
export const RECONCILED_PREFIX = 'reconciled/';

/** Where the file of a settlement report stands that was found at Amazon. */
export function foundSettlementKey(channelId: string, reportId: string): string {
  return `${REPORT_PREFIX}${channelId}/amazon-settlement-${reportId}.txt`;
}

/** The channel an uploaded object belongs to: `payment-reports/<channelId>/…`; undefined for any other key. */
export function channelOfReportKey(key: string): string | undefined {
  const match = /^payment-reports\/([a-z0-9][a-z0-9-]*)\/[^/].*$/.exec(key);
  return match?.[1];
}

/** Customisations, in the bucket of personal files: `customisations/<order>/<line>/…`. */
export const CUSTOMISATION_PREFIX = 'customisations/';

/** All that is kept of an order's customisations. Ids are encoded: whatever a marketplace calls a line stays one name. */
export function customisationPrefixOf(orderId: string): string {
  return `${CUSTOMISATION_PREFIX}${encodeURIComponent(orderId)}/`;
}

export function customisationPrefixOfLine(line: {
  readonly orderId: string;
  readonly orderLineId: string;
}): string {
  return `${customisationPrefixOf(line.orderId)}${encodeURIComponent(line.orderLineId)}/`;
}

/** Labels, in the bucket of personal files: `labels/<shipment>/<parcel>.pdf`. */
export const LABEL_PREFIX = 'labels/';

/** All labels of a shipment. */
export function labelPrefixOf(shipmentKey: string): string {
  return `${LABEL_PREFIX}${encodeURIComponent(shipmentKey)}/`;
}

/** The accountant's exports, in the bucket of reports. */
export const RECEIPT_EXPORT_PREFIX = 'receipt-exports/';

/** Issued PDFs, in the bucket of receipts; spelled by `receiptFileKey`. */
export const RECEIPT_PREFIX = 'receipts/';

/** The shop's logos, in the bucket of receipts: `logos/<SHA-256>.png`. */
export const LOGO_PREFIX = 'logos/';

/** Files of shipments that were made elsewhere, in the bucket of reports, and what came of each. */
export const SHIPMENT_FILE_PREFIX = 'shipments/incoming/';
export const SHIPMENT_RESULT_PREFIX = 'shipments/results/';
