import Table from 'cli-table3';
import { labels } from '../shared/domain/texts/index.ts';
import { amountText, countText } from '../shared/domain/texts/numbers.ts';
import { REPORT_CHANNEL } from './demonstration.ts';
import { isImported, type ShownOrder, type ShownReport } from './facts.ts';
import type { LocalStack } from './main.ts';
import type { ShownReceipt } from './receipts.ts';
import type { ShownShipment } from './shipping.ts';

const it = labels('it');
const en = labels('en');

/** A word of the tables in both languages, Italian first. */
function both(word: (texts: typeof it) => string | undefined, otherwise = ''): string {
  return `${word(it) ?? otherwise} · ${word(en) ?? otherwise}`;
}

/** A code of the shown state in words; a code without words stands for itself. */
function inWords<Words extends object>(words: (texts: typeof it) => Words, code: string): string {
  const read = (texts: typeof it): string | undefined => new Map(Object.entries(words(texts))).get(code);
  return both(read, code);
}

/** Without colours, and without a rule under every row. */
const PLAIN = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

export function ordersTable(orders: readonly ShownOrder[]): string {
  const table = new Table({
    ...PLAIN,
    head: [
      both((texts) => texts.channel),
      both((texts) => texts.order),
      both((texts) => texts.total),
      both((texts) => texts.fee),
      both((texts) => texts.state),
    ],
    colAligns: ['left', 'left', 'right', 'right', 'left'],
  });
  for (const { channel, marketplaceOrderId, total, currency, fee, settlement } of orders) {
    const money = (amount: string | null): string =>
      amount === null ? '–' : `${amountText(amount, 'it')} ${currency ?? ''}`.trim();
    table.push([
      channel,
      marketplaceOrderId,
      money(total),
      money(fee),
      inWords((texts) => texts.states, settlement),
    ]);
  }
  return table.toString();
}

export function reportText(report: ShownReport): string {
  const { refused, outcome } = report;
  if (refused !== undefined) return `${report.file}: ${both((texts) => texts.refused)}: ${refused}`;
  if (!isImported(report)) return `${report.file}: ${inWords((texts) => texts.outcomes, outcome)}`;
  const table = new Table({
    ...PLAIN,
    head: [
      both((texts) => texts.bucket),
      both((texts) => texts.rows),
      `${both((texts) => texts.amount)} (${report.currency})`,
    ],
    colAligns: ['left', 'right', 'right'],
  });
  for (const [name, { rows, amount }] of Object.entries(report.buckets))
    table.push([inWords((texts) => texts.buckets, name), countText(rows, 'it'), amountText(amount, 'it')]);
  table.push([
    both((texts) => texts.total),
    countText(report.rows, 'it'),
    amountText(report.control.computed, 'it'),
  ]);
  const { stated, balanced } = report.control;
  const control =
    stated === null
      ? both((texts) => texts.statesNoTotal)
      : `${both((texts) => texts.stated)}: ${amountText(stated, 'it')}, ${both((texts) => (balanced ? texts.balanced : texts.unbalanced))}`;
  const rejected = report.rejected.map(({ line, reason }) => `  riga ${line} · line ${line}: ${reason}`);
  const again = outcome === 'imported' ? '' : `, ${inWords((texts) => texts.outcomes, outcome)}`;
  return [`${report.file} (${report.format})${again}: ${control}`, table.toString(), ...rejected].join('\n');
}

export function shipmentsTable(shipments: readonly ShownShipment[]): string {
  const table = new Table({
    ...PLAIN,
    head: [
      both((texts) => texts.order),
      'Spedizione · Shipment',
      'Etichetta · Label',
      'Numero · Tracking number',
      'Sul marketplace · On the marketplace',
    ],
    colAligns: ['left', 'left', 'right', 'left', 'left'],
  });
  for (const {
    marketplace,
    marketplaceOrderId,
    shipmentKey,
    labelBytes,
    trackingNumber,
    confirmation,
  } of shipments) {
    table.push([
      `${marketplace} ${marketplaceOrderId}`,
      shipmentKey,
      `${countText(labelBytes, 'it')} B`,
      trackingNumber,
      confirmation === 'confirmed' ? 'confermato · confirmed' : confirmation,
    ]);
  }
  return table.toString();
}

export function receiptsTable(receipts: readonly ShownReceipt[]): string {
  const table = new Table({
    ...PLAIN,
    head: [
      both((texts) => texts.channel),
      both((texts) => texts.order),
      'Ricevuta · Receipt',
      both((texts) => texts.total),
      'PDF',
      'Sul marketplace · On the marketplace',
    ],
    colAligns: ['left', 'left', 'left', 'right', 'left', 'left'],
  });
  for (const { channel, marketplaceOrderId, number, gross, currency, pdf, upload, isHeld } of receipts) {
    table.push([
      channel,
      marketplaceOrderId,
      number,
      `${amountText(gross, 'it')} ${currency}`,
      `${pdf.key} (${countText(pdf.bytes, 'it')} B)`,
      upload === null
        ? '–'
        : `${isHeld ? '✓ ' : ''}${firstSentence(upload.it)} · ${firstSentence(upload.en)}`,
    ]);
  }
  const buckets = new Set(receipts.map(({ pdf }) => pdf.bucket));
  return [table.toString(), ...[...buckets].map((bucket) => `PDF: s3://${bucket}`)].join('\n');
}

function firstSentence(text: string): string {
  return text.split('. ', 1)[0]?.replace(/\.$/, '') ?? text;
}

export function whereItListens({ endpoints, environment, logFolder, roles }: LocalStack): string {
  return [
    'In ascolto · Listening',
    `  console   ${endpoints.console}   utenti · users: ${roles.join(', ')}`,
    `  S3        ${endpoints.s3}   bucket ${environment.REPORT_BUCKET_NAME}`,
    `  SQS       ${endpoints.sqs}`,
    `  DynamoDB  ${endpoints.dynamodb}   ${environment.STATE_TABLE_NAME}`,
    `  SSM       ${endpoints.ssm}`,
    `  API       ${endpoints.api}`,
    `  registri · logs ${logFolder}`,
    '',
    'Un gettone e una richiesta · a token and a request:',
    `  TOKEN=$(npm run --silent token -- --at ${endpoints.people} --role operator)`,
    `  curl -H "Authorization: Bearer $TOKEN" '${endpoints.api}/v1/orders?limit=5'`,
    '',
    'Un altro file, con qualsiasi client S3 · another file, with any S3 client:',
    `  aws --endpoint-url ${endpoints.s3} s3 cp FILE s3://${environment.REPORT_BUCKET_NAME}/payment-reports/${REPORT_CHANNEL}/`,
  ].join('\n');
}
