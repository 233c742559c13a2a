import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { beforeEach, expect, test } from 'vitest';
import { UnavailableError } from '../../shared/domain/errors.ts';
import { type ReportWorld, reportWorld } from '../../tests/support/report-world.ts';
import { saleRows, settlementV2 } from '../../tests/support/settlement-files.ts';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createReconcileSettlementHandler, type ReconcileSettlementDeps } from './handler.ts';

const KEY = 'payment-reports/amazon-it/2026 nov (1).txt';
let logged: string[];
let deps: ReconcileSettlementDeps & ReportWorld;
beforeEach(() => {
  logged = [];
  const logger = new Logger({ logLevel: 'INFO' });
  for (const level of ['info', 'error'] as const) {
    logger[level] = (message, ...extra) => {
      logged.push(JSON.stringify([level, message, ...extra]));
    };
  }
  deps = {
    observability: { logger, metrics: new Metrics({ namespace: 'test', serviceName: 'test' }) },
    ...reportWorld(),
  };
  deps.files.put(
    KEY,
    settlementV2({ rows: saleRows('404-1000001-0000001', 5084, 960) }),
    '2026-11-01T10:00:00Z',
  );
});

const notification = (key: string): string =>
  JSON.stringify({
    Records: [
      {
        eventName: 'ObjectCreated:Put',
        s3: {
          bucket: { name: 'reports' },
          object: { key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/') },
        },
      },
    ],
  });
const outcomes = async () =>
  (await deps.reports.listReports({ channelId: 'amazon-it', limit: 10 })).reports.map((r) => r.outcome);

test('S3 announcing an upload three times makes one report', async () => {
  const handler = createReconcileSettlementHandler(deps);
  const answer = await handler(sqsEventOf(notification(KEY), notification(KEY), notification(KEY)));
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(await outcomes()).toEqual(['imported']);
});

test('an upload nobody announced is reconciled when the search asks for it', async () => {
  const request = { type: 'report-requested', version: 1, correlationId: 'c', objectKey: KEY };
  await createReconcileSettlementHandler(deps)(sqsEventOf(JSON.stringify(request)));
  expect(await outcomes()).toEqual(['imported']);
});

test('a refused file is an outcome, not a failure', async () => {
  deps.files.put(KEY, '%PDF-1.7', '2026-11-01T10:00:00Z');
  const answer = await createReconcileSettlementHandler(deps)(sqsEventOf(notification(KEY)));
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(await outcomes()).toEqual(['refused']);
  expect(logged.join()).toContain('"refusal":"pdf"');
});

test('a store that is away gives back that message alone', async () => {
  const other = 'payment-reports/amazon-it/other.txt';
  deps.files.put(other, settlementV2({ rows: [], settlementId: '25000000009' }), '2026-11-01T10:00:00Z');
  const find = deps.files.find.bind(deps.files);
  deps.files.find = async (key) => {
    if (key === KEY) throw new UnavailableError('s3', 's3: SlowDown');
    return find(key);
  };
  const answer = await createReconcileSettlementHandler(deps)(
    sqsEventOf(notification(KEY), notification(other)),
  );
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(await outcomes()).toEqual(['imported']);
});

test("S3's test event and an upload that is gone need no work; a message that is none goes back", async () => {
  const testEvent = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'reports' });
  const gone = notification('payment-reports/amazon-it/gone.txt');
  const answer = await createReconcileSettlementHandler(deps)(
    sqsEventOf(testEvent, gone, '{"hello":1}', 'not json'),
  );
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }] });
  expect(await outcomes()).toEqual([]);
});
