import Table from 'cli-table3';
import { type Language, labels } from '../../shared/domain/texts/index.ts';
import { amountText, countText } from '../../shared/domain/texts/numbers.ts';
import type { RefusedView, ReportView } from '../../shared/usecases/read-report.ts';

/** More orders than this are for programs, not for a screen. */
const ORDERS_SHOWN_MAX = 40;
const REJECTED_SHOWN_MAX = 20;
/** Without colours, and without a rule under every row. */
const COMPACT = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

/** One reconciled or refused file, for people: plain text that ends with a line end. */
export function printReport(view: ReportView | RefusedView, language: Language): string {
  const words = labels(language);
  if ('refused' in view) return `${view.file}\n${words.refused}: ${view.refused}\n\n`;
  const parts = [heading(view, language), buckets(view, language), fees(view, language)];
  if (view.orders.length > 0) parts.push(orders(view, language));
  if (view.rejectedCount > 0) parts.push(rejected(view, language));
  if (view.notices.length > 0)
    parts.push(`${words.notices}:\n${view.notices.map((text) => `  - ${text}`).join('\n')}`);
  return `${parts.join('\n')}\n\n`;
}

function heading(view: ReportView, language: Language): string {
  const words = labels(language);
  const verdict =
    view.control.stated === null
      ? words.statesNoTotal
      : `${words.stated}: ${amountText(view.control.stated, language)} — ${view.control.balanced ? words.balanced : words.unbalanced}`;
  return [
    `${words.file}: ${view.file}`,
    `${words.format}: ${view.format} (${view.language}), ${view.currency}`,
    `${words.settlements}: ${view.settlementIds.join(', ')}`,
    verdict,
  ].join('\n');
}

function buckets(view: ReportView, language: Language): string {
  const words = labels(language);
  const table = numberTable([words.bucket, words.rows, `${words.amount} ${view.currency}`]);
  for (const [bucket, { rows, amount: sum }] of Object.entries(view.buckets)) {
    table.push([
      words.buckets[bucket as keyof typeof view.buckets],
      countText(rows, language),
      amountText(sum, language),
    ]);
  }
  table.push([words.total, countText(view.rows, language), amountText(view.control.computed, language)]);
  return table.toString();
}

function fees(view: ReportView, language: Language): string {
  const words = labels(language);
  const table = numberTable([words.fees, view.currency]);
  for (const [group, sum] of Object.entries(view.fees)) {
    table.push([words.feeGroups[group as keyof typeof view.fees], amountText(sum, language)]);
  }
  return table.toString();
}

function orders(view: ReportView, language: Language): string {
  const words = labels(language);
  const columns = ['fee', 'sales', 'tax', 'refunds', 'other', 'net'] as const;
  const table = numberTable([words.order, ...columns.map((column) => words[column]), words.state]);
  for (const order of view.orders.slice(0, ORDERS_SHOWN_MAX)) {
    table.push([
      order.marketplaceOrderId,
      ...columns.map((column) => amountText(order[column], language)),
      words.states[order.state],
    ]);
  }
  const more = view.orders.length - ORDERS_SHOWN_MAX;
  return more > 0 ? `${table.toString()}\n${words.moreOrders(more)}` : table.toString();
}

function rejected(view: ReportView, language: Language): string {
  const words = labels(language);
  const table = new Table({ head: [words.line, words.reason], ...COMPACT });
  for (const { line, reason } of view.rejected.slice(0, REJECTED_SHOWN_MAX)) table.push([line, reason]);
  return `${words.rejected}: ${countText(view.rejectedCount, language)}\n${table.toString()}`;
}

/** First column words, the others right-aligned numbers. */
function numberTable(head: string[]): Table.Table {
  return new Table({
    head,
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    ...COMPACT,
  });
}
