import Table from 'cli-table3';
import { REPORT_CHANNEL } from './demonstration.ts';
import { isImported, type ShownOrder, type ShownReport } from './facts.ts';
import type { LocalStack } from './main.ts';

/** Bucket names as people read them, Italian first. */
const BUCKETS: Readonly<Record<string, string>> = {
  order: 'ordini · orders',
  account: 'conto · account',
  waiting: 'in attesa dell’ordine · waiting for the order',
  otherChannel: 'altro canale · other channel',
  unclassified: 'non classificate · unclassified',
  rejected: 'scartate · rejected',
};

/** Settlement states of an order, as people read them. */
const STATES: Readonly<Record<string, string>> = {
  'not-due': 'non dovuto · not due',
  waiting: 'in attesa · waiting',
  'partly-settled': 'incassato in parte · partly settled',
  settled: 'incassato · settled',
  refunded: 'rimborsato · refunded',
  overdue: 'in ritardo · overdue',
};

/** Without colours, and without a rule under every row. */
const PLAIN = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

export function ordersTable(orders: readonly ShownOrder[]): string {
  const table = new Table({
    ...PLAIN,
    head: [
      'Canale · Channel',
      'Ordine · Order',
      'Totale · Total',
      'Commissioni · Fee',
      'Incasso · Settlement',
    ],
    colAligns: ['left', 'left', 'right', 'right', 'left'],
  });
  for (const { channel, marketplaceOrderId, total, currency, fee, settlement } of orders) {
    const money = (amount: string | null): string =>
      amount === null ? '–' : `${amount} ${currency ?? ''}`.trim();
    table.push([channel, marketplaceOrderId, money(total), money(fee), STATES[settlement] ?? settlement]);
  }
  return table.toString();
}

export function reportText(report: ShownReport): string {
  const { refused, outcome } = report;
  if (refused !== undefined) return `${report.file}: rifiutato · refused: ${refused}`;
  if (!isImported(report)) return `${report.file}: ${outcome}`;
  const table = new Table({
    ...PLAIN,
    head: ['Destinazione · Bucket', 'Righe · Rows', `Importo · Amount (${report.currency})`],
    colAligns: ['left', 'right', 'right'],
  });
  for (const [name, { rows, amount }] of Object.entries(report.buckets))
    table.push([BUCKETS[name] ?? name, rows, amount]);
  table.push(['totale · total', report.rows, report.control.computed]);
  const { stated, balanced } = report.control;
  const control =
    balanced === null
      ? 'il file non dichiara un totale · the file states no total'
      : balanced
        ? `quadra con il totale dichiarato ${stated} · matches the stated total ${stated}`
        : `NON quadra: dichiarato ${stated} · does NOT match: stated ${stated}`;
  const rejected = report.rejected.map(({ line, reason }) => `  riga ${line} · line ${line}: ${reason}`);
  const again = outcome === 'imported' ? '' : ` · ${outcome}`;
  return [`${report.file} (${report.format})${again}: ${control}`, table.toString(), ...rejected].join('\n');
}

export function whereItListens({ endpoints, environment, logFolder }: LocalStack): string {
  return [
    'In ascolto · Listening',
    `  S3        ${endpoints.s3}   bucket ${environment.REPORT_BUCKET_NAME}`,
    `  SQS       ${endpoints.sqs}`,
    `  DynamoDB  ${endpoints.dynamodb}   ${environment.STATE_TABLE_NAME}`,
    `  SSM       ${endpoints.ssm}`,
    `  registri · logs ${logFolder}`,
    '',
    'Un altro file, con qualsiasi client S3 · another file, with any S3 client:',
    `  aws --endpoint-url ${endpoints.s3} s3 cp FILE s3://${environment.REPORT_BUCKET_NAME}/payment-reports/${REPORT_CHANNEL}/`,
  ].join('\n');
}
