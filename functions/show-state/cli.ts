import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createReportStore } from '../../shared/adapters/dynamodb/report-store.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { createReportFiles } from '../../shared/adapters/s3/report-files.ts';
import { labels } from '../../shared/domain/texts/index.ts';
import { amountText, countText } from '../../shared/domain/texts/numbers.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { listOrders, type OrderSummary } from '../../shared/usecases/list-orders.ts';
import { type ListedReport, listReports, listStrayReports } from '../../shared/usecases/list-reports.ts';
import { envSchema } from './env.ts';

const HELP = `Ordini e report di pagamento di un'installazione — Orders and payment reports of a tenant.

  npm run state -- [--channel ID] [--json]

  --channel ID  solo un canale — one channel only
  --json        { "orders": […], "reports": […] }
  --help

Legge — reads: STATE_TABLE_NAME, REPORT_BUCKET_NAME and the usual AWS settings from the environment.

Esempio — example
  AWS_PROFILE=shop STATE_TABLE_NAME=… REPORT_BUCKET_NAME=… npm run state -- --channel amazon-it
`;

async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      channel: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const env = readEnv(envSchema);
  const dynamoDb = createDynamoDbClient();
  const stores = {
    channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
    orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
    reports: createReportStore(dynamoDb, env.STATE_TABLE_NAME),
    files: createReportFiles(createS3Client(), env.REPORT_BUCKET_NAME),
    clock: { now: () => Date.now() },
  };
  const channels = (await stores.channels.listChannels()).filter(
    (channel) => values.channel === undefined || channel.channelId === values.channel,
  );
  if (channels.length === 0) {
    const which = values.channel === undefined ? '' : ` ${values.channel}`;
    throw new Error(
      `Nessun canale${which}: aprilo con "npm run channels" — no channel${which}: open it with "npm run channels".`,
    );
  }
  const orders: OrderSummary[] = [];
  const reports: ListedReport[] = [];
  for (const channel of channels) {
    orders.push(...(await Array.fromAsync(listOrders(stores, channel.channelId))));
    reports.push(...(await Array.fromAsync(listReports(stores, channel))));
  }
  if (values.channel === undefined) reports.push(...(await Array.fromAsync(listStrayReports(stores))));
  process.stdout.write(values.json ? `${JSON.stringify({ orders, reports })}\n` : tables(orders, reports));
}

function tables(orders: readonly OrderSummary[], reports: readonly ListedReport[]): string {
  const words = labels('it');
  const style = {
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  };
  const orderTable = new Table({
    head: [words.channel, words.order, words.total, words.fee, words.net, words.state],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'left'],
    ...style,
  });
  for (const order of orders) {
    const money = (text: string | null): string =>
      text === null ? '–' : `${amountText(text, 'it')} ${order.currency}`;
    orderTable.push([
      order.channel,
      order.marketplaceOrderId,
      money(order.total),
      money(order.fee),
      money(order.net),
      words.states[order.settlement],
    ]);
  }
  const reportTable = new Table({
    head: [words.channel, words.file, words.rows, words.total, words.state],
    colAligns: ['left', 'left', 'right', 'right', 'left'],
    ...style,
  });
  for (const report of reports) {
    const sums =
      'rows' in report
        ? [countText(report.rows, 'it'), `${amountText(report.control.computed, 'it')} ${report.currency}`]
        : ['–', '–'];
    const state = 'refused' in report ? report.refused : words.outcomes[report.outcome];
    reportTable.push([report.channel, report.file, ...sums, state]);
  }
  return `${orderTable.toString()}\n${reportTable.toString()}\n`;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
