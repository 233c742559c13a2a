import { createPaymentReportReader } from '../../shared/adapters/amazon/payment-reports/reader.ts';
import { channelOfReportKey } from '../../shared/adapters/s3/keys.ts';
import { reportIdOf } from '../../shared/adapters/s3/report-id.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { MemoryChannelStore } from './memory/channel-store.ts';
import { MemoryOrderStore } from './memory/order-store.ts';
import { MemoryReportFiles } from './memory/report-files.ts';
import { MemoryReportStore, MemoryStatementStore } from './memory/report-store.ts';

/** An Italian Amazon channel, switched on; override what the test is about. */
export function aChannel(overrides: Partial<Channel> = {}): Channel {
  return {
    channelId: 'amazon-it',
    name: 'Sito Amazon',
    marketplace: 'amazon',
    accountId: 'A1EXAMPLE',
    siteIds: ['APJ6JRA9NG5V4'],
    country: 'IT',
    timeZone: 'Europe/Rome',
    ordersSync: true,
    ordersFrom: '2026-10-01T00:00:00.000Z',
    ...overrides,
  };
}

/** All that reconciling a report needs, in memory, with one open channel. It is 30 November 2026. */
export function reportWorld() {
  return {
    files: new MemoryReportFiles(),
    reader: createPaymentReportReader(),
    channels: new MemoryChannelStore([aChannel()]),
    orders: new MemoryOrderStore(),
    reports: new MemoryReportStore(),
    statements: new MemoryStatementStore(),
    clock: { now: () => Date.parse('2026-11-30T00:00:00Z') },
    channelOf: channelOfReportKey,
    reportIdOf,
  };
}
export type ReportWorld = ReturnType<typeof reportWorld>;
