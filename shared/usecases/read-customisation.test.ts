import { beforeEach, expect, test } from 'vitest';
import { MemoryActivityLog } from '../../tests/support/memory/activity-log.ts';
import { MemoryCustomisationFiles } from '../../tests/support/memory/customisation-files.ts';
import { MemoryFollowUpStore } from '../../tests/support/memory/follow-up-store.ts';
import { anOrder } from '../../tests/support/orders.ts';
import type { FollowUp } from '../domain/follow-up.ts';
import { type ReadCustomisationDeps, readCustomisation } from './read-customisation.ts';

const order = anOrder();
const { orderId, marketplace, marketplaceOrderId, accountId, siteId, channelId } = order;
const orderLineId = 'line-1';
const asked = { marketplace, marketplaceOrderId, orderLineId };
const by = { actor: 'person-1', reason: 'shipping', activityId: 'reading-1' };
const now = '2026-11-23T12:00:00.000Z';

let deps: ReadCustomisationDeps & {
  readonly followUps: MemoryFollowUpStore;
  readonly customisations: MemoryCustomisationFiles;
  readonly activities: MemoryActivityLog;
};

beforeEach(() => {
  deps = {
    followUps: new MemoryFollowUpStore(),
    customisations: new MemoryCustomisationFiles(),
    activities: new MemoryActivityLog(),
    clock: { now: () => Date.parse(now) },
  };
});

async function noted(of: Pick<FollowUp, 'state'> & Partial<FollowUp>): Promise<void> {
  await deps.followUps.ensure({
    ...{ kind: 'customisation', orderId, orderLineId, marketplace, marketplaceOrderId },
    ...{ accountId, siteId, channelId, wantedAt: now, attempts: 1, version: 1 },
    ...of,
  });
}
async function kept(): Promise<void> {
  await deps.customisations.keep(
    { orderId, orderLineId },
    {
      packed: Buffer.from('zip'),
      customisation: {
        parts: [{ surface: 'Front', label: 'Line 1', kind: 'text', value: 'Auguri', font: 'Lora' }],
        notUnderstood: ['Hologram'],
        files: [{ name: 'front.svg', mediaType: 'image/svg+xml', sizeBytes: 12 }],
      },
      files: [],
    },
  );
}
const activities = async () => (await deps.activities.list({ limit: 10 })).activities;

test('a customisation that was read is shown with a link for each file, and who read it is kept', async () => {
  await noted({ state: 'done' });
  await kept();
  expect(await readCustomisation(deps, asked, by)).toEqual({
    state: 'done',
    problem: null,
    parts: [{ surface: 'Front', label: 'Line 1', kind: 'text', value: 'Auguri', font: 'Lora', colour: null }],
    notUnderstood: ['Hologram'],
    files: [
      {
        name: 'front.svg',
        mediaType: 'image/svg+xml',
        sizeBytes: 12,
        url: `memory://${orderId}/${orderLineId}/front.svg`,
      },
    ],
  });
  expect(await activities()).toEqual([
    {
      activityId: 'reading-1',
      at: now,
      actor: 'person-1',
      action: 'customisation-read',
      subject: `order/${orderId}`,
      after: { reason: 'shipping', orderLineId, state: 'done' },
    },
  ]);
});

test('one that is not there says why in both languages, and has no link', async () => {
  await noted({ state: 'waiting', problem: 'no-file-named' });
  expect(await readCustomisation(deps, asked, by)).toEqual({
    state: 'waiting',
    problem: {
      code: 'no-file-named',
      it: expect.stringContaining('Report ordini'),
      en: expect.stringContaining('Order Reports'),
    },
    parts: [],
    notUnderstood: [],
    files: [],
  });
});

test('a refused one shows nothing of what may lie there', async () => {
  await noted({ state: 'refused', problem: 'hostile-package' });
  await kept();
  expect(await readCustomisation(deps, asked, by)).toMatchObject({
    state: 'refused',
    problem: { code: 'hostile-package' },
    parts: [],
    files: [],
  });
});

test('a deleted one is said to be deleted, even while its files are still being deleted', async () => {
  await noted({ state: 'deleted' });
  await kept();
  expect(await readCustomisation(deps, asked, by)).toMatchObject({
    state: 'deleted',
    problem: null,
    parts: [],
    files: [],
  });
});

test('a line without customisation, another line and an unknown order answer nothing and leave no entry', async () => {
  expect(await readCustomisation(deps, asked, by)).toBeUndefined();
  await noted({ state: 'done' });
  expect(await readCustomisation(deps, { ...asked, orderLineId: 'line-2' }, by)).toBeUndefined();
  expect(await readCustomisation(deps, { ...asked, marketplaceOrderId: '404-9' }, by)).toBeUndefined();
  expect(await activities()).toEqual([]);
});

test('what cannot be written down is not shown', async () => {
  await noted({ state: 'done' });
  await kept();
  const down = async () => {
    throw new Error('the log is down');
  };
  await expect(
    readCustomisation({ ...deps, activities: { append: down, list: down } }, asked, by),
  ).rejects.toThrow('the log is down');
});
