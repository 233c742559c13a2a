import { expect, test } from 'vitest';
import type { PullFacts } from '../../shared/usecases/pull-orders.ts';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createPullOrdersHandler } from './handler.ts';

const facts: PullFacts = {
  reason: 'count-check',
  outcome: 'completed',
  window: { from: '2026-11-23T09:30:00.000Z', until: '2026-11-23T09:58:00.000Z' },
  pages: 1,
  created: 2,
  updated: 1,
  unchanged: 4,
  notCovered: 0,
  fetchedSingly: 3,
  foundMissing: 2,
  refusedSites: ['4711'],
  unreadable: [{ marketplaceOrderId: '404-9', updatedAt: undefined, problem: 'total: invalid' }],
  unreadableCount: 1,
  lags: [{ channelId: 'amazon-it', lagMs: 120_400 }],
};

class Recorder {
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];
  readonly measured: Record<string, number> = {};
  keys: Record<string, unknown> = {};
  appendKeys(keys: Record<string, unknown>) {
    this.keys = { ...this.keys, ...keys };
  }
  resetKeys() {
    this.keys = {};
  }
  info(message: string, fields: Record<string, unknown>) {
    this.lines.push({ level: 'info', message, fields: { ...this.keys, ...fields } });
  }
  error(message: string, fields: Record<string, unknown>) {
    this.lines.push({ level: 'error', message, fields: { ...this.keys, ...fields } });
  }
  addMetric(name: string, _unit: string, value: number) {
    this.measured[name] = value;
  }
  singleMetric() {
    let dimension = '';
    return {
      addDimension: (name: string, value: string) => {
        dimension = `${name}=${value}`;
      },
      addMetric: (name: string, _unit: string, value: number) => {
        this.measured[`${name} ${dimension}`] = value;
      },
    };
  }
}

const job = {
  type: 'order-pull-requested',
  version: 1,
  correlationId: 'tick-1',
  marketplace: 'amazon',
  accountId: 'A1EXAMPLE',
};
const context = { getRemainingTimeInMillis: () => 60_000 };

test('a message is pulled within the time Lambda leaves, and what happened is logged and measured', async () => {
  const recorder = new Recorder();
  const pulled: unknown[] = [];
  const handler = createPullOrdersHandler({
    pull: async (asked, remainingMs) => {
      pulled.push(asked, remainingMs());
      return facts;
    },
    logger: recorder,
    metrics: recorder,
  });
  expect(await handler(sqsEventOf(JSON.stringify(job)), context)).toEqual({ batchItemFailures: [] });
  expect(pulled).toEqual([job, 55_000]);
  expect(recorder.lines).toMatchObject([
    {
      level: 'info',
      message: 'orders-pulled',
      fields: {
        correlationId: 'tick-1',
        accountId: 'A1EXAMPLE',
        outcome: 'completed',
        created: 2,
        refusedSites: ['4711'],
      },
    },
    {
      level: 'error',
      message: 'order-unreadable',
      fields: { correlationId: 'tick-1', marketplaceOrderId: '404-9', problem: 'total: invalid' },
    },
  ]);
  expect(recorder.measured).toEqual({
    OrdersStored: 3,
    OrdersUnchanged: 4,
    OrdersUnreadable: 1,
    OrdersFetchedSingly: 3,
    OrdersFoundMissing: 2,
    OrderSitesRefused: 1,
    OrderPullsPutBack: 0,
    OrderSyncLagMax: 120,
    'OrderSyncLag channelId=amazon-it': 120,
  });
});

test('a message of another kind is reported and nothing is pulled', async () => {
  const recorder = new Recorder();
  const handler = createPullOrdersHandler({
    pull: async () => {
      throw new Error('nothing may be pulled');
    },
    logger: recorder,
    metrics: recorder,
  });
  expect(await handler(sqsEventOf(JSON.stringify({ ...job, version: 2 })), context)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm0' }],
  });
  expect(recorder.lines.map(({ message }) => message)).toEqual(['job-failed']);
  expect(recorder.measured).toEqual({});
});
