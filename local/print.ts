import Table from 'cli-table3';
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

const PLAIN = { style: { head: [], border: [] } };

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
    table.push([channel, marketplaceOrderId, money(total), money(fee), settlement]);
  }
  return table.toString();
}

export function reportText(report: ShownReport): string {
  if (!isImported(report)) {
    const { refused } = report;
    return `${report.file}: rifiutato · refused: ${typeof refused === 'string' ? refused : JSON.stringify(refused)}`;
  }
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
  const rejected = report.rejected.map(
    ({ line, reason }) =>
      `  riga ${line} · line ${line}: ${typeof reason === 'string' ? reason : JSON.stringify(reason)}`,
  );
  return [`${report.file} (${report.format}): ${control}`, table.toString(), ...rejected].join('\n');
}

export function whereItListens({ endpoints, environment, logFolder }: LocalStack): string {
  return [
    'In ascolto · Listening',
    `  S3        ${endpoints.s3}   bucket ${environment.REPORT_BUCKET_NAME}`,
    `  SQS       ${endpoints.sqs}`,
    `  DynamoDB  ${endpoints.dynamodb}   ${environment.STATE_TABLE_NAME}`,
    `  SSM       ${endpoints.ssm}`,
    `  registri · logs ${logFolder}`,
  ].join('\n');
}
