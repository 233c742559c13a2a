import { expect, test } from 'vitest';
import { atOnce, day, ReceiptUploadWorld } from './world.ts';

/** Small ones with every change; `npm run simulate -- receipts` issues ten thousand at once. */

test('a day’s receipts are on ManoMano within a quarter of an hour, and pulls never wait for them', async () => {
  const figures = await new ReceiptUploadWorld(1, day(200, 30, 0)).run();
  expect(figures).toMatchObject({ uploaded: 200, doubled: 0, seenByAPerson: 0, pullsHeldUp: 0 });
  expect(figures.p95Minutes).toBeLessThanOrEqual(15);
});

test('many at once keep to the hour’s calls, and take as long as was predicted and shown', async () => {
  const figures = await new ReceiptUploadWorld(1, atOnce(600, 0)).run();
  expect(figures).toMatchObject({ uploaded: 600, doubled: 0, throttledByThem: 0, pullsHeldUp: 0 });
  expect(figures.busiestHour).toBeLessThanOrEqual(250);
  expect(figures.hours / figures.predictedHours).toBeGreaterThan(0.9);
  expect(figures.hours / figures.predictedHours).toBeLessThan(1.1);
});

test.each([1, 2, 3, 4])(
  'whatever goes wrong, each is there once or a person was asked (seed %i)',
  async (seed) => {
    const figures = await new ReceiptUploadWorld(seed, atOnce(150, 0.08)).run();
    expect(figures).toMatchObject({ uploaded: 150, doubled: 0 });
    expect(figures.seenByAPerson).toBeGreaterThan(0);
  },
);

test('a day’s receipts are on Amazon within a quarter of an hour, one feed each, and asked for until they are', async () => {
  const figures = await new ReceiptUploadWorld(1, day(150, 8, 0), 'amazon').run();
  expect(figures).toMatchObject({ uploaded: 150, doubled: 0, seenByAPerson: 0, throttledByThem: 0 });
  expect(figures.p95Minutes).toBeLessThanOrEqual(15);
});

test.each([1, 2])('Amazon has each once, whatever goes wrong (seed %i)', async (seed) => {
  const figures = await new ReceiptUploadWorld(seed, atOnce(40, 0.05), 'amazon').run();
  expect(figures).toMatchObject({ uploaded: 40, doubled: 0 });
});
