import { describe, expect, test } from 'vitest';
import { MemoryReceiptUploadStore } from '../../tests/support/memory/receipt-upload-store.ts';
import { anUpload } from '../../tests/support/receipt-uploads.ts';
import { ReceiptWorld } from '../../tests/support/receipt-world.ts';
import { RejectedError } from '../domain/errors.ts';
import { orderId } from '../domain/order.ts';
import { receiptId } from '../domain/receipt.ts';
import { issueReceipts } from './issue-receipts.ts';
import { issueReversal } from './issue-reversal.ts';
import { receiptsOf } from './order-receipts.ts';
import { retryReceipt } from './retry-receipt.ts';

const ORDER = orderId('amazon', '404-0000001-0000001');
const OTHER = orderId('amazon', '404-0000002-0000002');
const SALE = receiptId(ORDER, 'sale', '1');

describe('the receipt of an order in the list', () => {
  test('is the last of its sale, whatever became of those before', async () => {
    const world = new ReceiptWorld();
    await world.sold();
    const shown = async () =>
      (await receiptsOf({ ...world.deps, receiptUploads: world.uploads }, [ORDER, OTHER, ORDER])).get(ORDER);
    expect(await shown()).toBeUndefined();
    world.renderer.failure = new RejectedError('pdf', 'cannot be drawn');
    await issueReceipts(world.deps, [{ orderId: ORDER, requestedBy: 'operator-1' }]);
    expect(await shown()).toMatchObject({ receipt: 'sale-1', state: 'void', number: '1/RC/2026' });
    world.renderer.failure = undefined;
    await retryReceipt(world.deps, SALE, 'operator-1');
    expect(await shown()).toEqual({
      receipt: 'sale-2',
      kind: 'courtesy-receipt',
      state: 'issued',
      number: '2/RC/2026',
      reversed: false,
      upload: null,
    });
    const { receiptId: second } = anUpload({ orderId: ORDER, receiptId: receiptId(ORDER, 'sale', '2') });
    await world.uploads.create(anUpload({ receiptId: second, state: 'rejected', reason: 'too-large' }));
    expect((await shown())?.upload).toMatchObject({ state: 'rejected', why: { code: 'too-large' } });
    await issueReversal(world.deps, {
      receiptId: receiptId(ORDER, 'sale', '2'),
      request: 'r1',
      wanted: { of: 'rest' },
      reason: 'refund',
      requestedBy: 'operator-1',
    });
    expect(await shown()).toMatchObject({ receipt: 'sale-2', reversed: true });
  });

  test('costs one request for a page of which none has one', async () => {
    const world = new ReceiptWorld();
    let requests = 0;
    const receipts = {
      getMany: async (ids: Parameters<typeof world.receipts.getMany>[0]) => {
        requests += 1;
        return world.receipts.getMany(ids);
      },
    };
    expect([
      ...(await receiptsOf({ receipts, receiptUploads: new MemoryReceiptUploadStore() }, [ORDER, OTHER])),
    ]).toEqual([]);
    expect(requests).toBe(1);
  });
});
