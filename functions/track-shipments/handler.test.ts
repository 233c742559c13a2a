import { expect, test, vi } from 'vitest';
import type { ShipmentKey } from '../../shared/domain/shipment.ts';
import type { TrackingFacts } from '../../shared/usecases/track-shipments.ts';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createTrackShipmentsHandler } from './handler.ts';

const job = {
  type: 'tracking-check-requested',
  version: 1,
  correlationId: 'c',
  courier: 'brt',
  shipmentKeys: ['brt:202600000000001'],
  urgent: true,
  plannedAt: '2026-11-20T10:05:00.000Z',
};
const shipmentKey = 'brt:202600000000001' as ShipmentKey;
const facts: TrackingFacts = {
  asked: 7,
  notYet: 2,
  changed: 3,
  known: 1,
  ended: 1,
  passedOver: 0,
  putBack: [
    { because: 'quota', checks: 2, delayMs: 204 },
    { because: 'unavailable', checks: 3, delayMs: 300_000 },
  ],
  refused: 0,
  problems: [
    { kind: 'unknown-shape', shipmentKey, message: 'brt track: esito: invalid_type' },
    { kind: 'never-moved', shipmentKey },
  ],
};

function aHandler(track: () => Promise<TrackingFacts>) {
  const sinks = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), addMetric: vi.fn() };
  const { addMetric, ...logger } = sinks;
  const handler = createTrackShipmentsHandler({
    track,
    logger: { ...logger, appendKeys: vi.fn(), resetKeys: vi.fn() },
    metrics: { addMetric },
  });
  return { ...sinks, handler };
}
const context = { getRemainingTimeInMillis: () => 60_000 };

test('a job is logged and measured, and each problem is named by its shipment', async () => {
  const { handler, info, warn, addMetric } = aHandler(async () => facts);
  const answer = await handler(sqsEventOf(JSON.stringify(job)), context);
  expect(answer).toEqual({ batchItemFailures: [] });
  const { problems, ...counts } = facts;
  expect(info).toHaveBeenCalledExactlyOnceWith('shipments-tracked', {
    courier: 'brt',
    urgent: true,
    ...counts,
  });
  expect(warn.mock.calls).toEqual(problems.map((problem) => ['shipment-problem', problem]));
  expect(addMetric.mock.calls).toEqual([
    ['TrackingChecks', 'Count', 7],
    ['ShipmentsEnded', 'Count', 1],
    ['TrackingKnown', 'Count', 1],
    ['TrackingChecksPutBack', 'Count', 5],
    ['TrackingProblems', 'Count', 2],
    ['TrackingUnreadable', 'Count', 1],
  ]);
});

test('a job of 26 shipments is none of this queue’s', async () => {
  const { handler, error } = aHandler(async () => facts);
  const shipmentKeys = Array.from({ length: 26 }, (_, n) => `brt:${n}`);
  const answer = await handler(sqsEventOf(JSON.stringify({ ...job, shipmentKeys })), context);
  expect(answer.batchItemFailures).toHaveLength(1);
  expect(error).toHaveBeenCalledTimes(1);
});

test('a job that fails comes again', async () => {
  const { handler } = aHandler(async () => {
    throw new Error('the table is not there');
  });
  const answer = await handler(sqsEventOf(JSON.stringify(job)), context);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
});
