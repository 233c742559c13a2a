import { expect, test } from 'vitest';
import { createPlanOrderPullsHandler } from './handler.ts';

test('a tick plans the pulls and says which accounts and channels are left out', async () => {
  const lines: [string, string, Record<string, unknown>][] = [];
  const handler = createPlanOrderPullsHandler({
    plan: async () => ({
      requested: [{ marketplace: 'amazon', accountId: 'A1EXAMPLE' }],
      revoked: ['manomano/shop'],
      unsupportedChannels: ['ebay-it'],
    }),
    logger: {
      info: (message, fields) => lines.push(['info', message, fields]),
      warn: (message, fields) => lines.push(['warn', message, fields]),
    },
  });
  await handler();
  expect(lines).toEqual([
    ['info', 'order-pulls-planned', { requested: [{ marketplace: 'amazon', accountId: 'A1EXAMPLE' }] }],
    ['warn', 'accounts-not-pulled', { revoked: ['manomano/shop'] }],
    ['warn', 'channels-not-pulled', { unsupportedChannels: ['ebay-it'] }],
  ]);
});

test('a plan that fails is not hidden', async () => {
  const handler = createPlanOrderPullsHandler({
    plan: async () => {
      throw new Error('the table is not there');
    },
    logger: { info: () => {}, warn: () => {} },
  });
  await expect(handler()).rejects.toThrow('the table is not there');
});
