import { afterAll, describe, expect, inject, test } from 'vitest';
import { createReceiptStore } from '../../shared/adapters/dynamodb/receipt-store.ts';
import { orderId } from '../../shared/domain/order.ts';
import { createStateTable, testClient } from '../support/dynamodb-local.ts';
import { aDraft } from '../support/receipts.ts';

const client = testClient(inject('dynamoDbEndpoint'));
afterAll(() => client.destroy());

const WRITERS = 64;
const draftOf = (n: number) => aDraft({ orderId: orderId('ebay', `00-00000-${String(n).padStart(5, '0')}`) });

describe('numbers on the real database', () => {
  test('64 writers at once take exactly 1…64, each in a document', async () => {
    const table = await createStateTable(client);
    const answers = await Promise.all(
      Array.from({ length: WRITERS }, (_, n) => createReceiptStore(client, table).create([draftOf(n)])),
    );
    const numbers = answers.flat().map(({ receipt }) => receipt.number?.sequence ?? 0);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: WRITERS }, (_, n) => n + 1));
    const store = createReceiptStore(client, table);
    const { receipts } = await store.ofMonth({ month: '2026-11', limit: 2 * WRITERS });
    expect(receipts.map(({ number }) => number?.sequence)).toEqual(numbers.toSorted((a, b) => a - b));
    expect(await store.listSeries()).toMatchObject([{ last: WRITERS }]);
  }, 60_000);

  test('64 writers that want the same 8 documents, in different orders, leave 8 documents and 8 numbers', async () => {
    const table = await createStateTable(client);
    const answers = await Promise.all(
      Array.from({ length: WRITERS }, (_, writer) =>
        createReceiptStore(client, table).create(
          Array.from({ length: 8 }, (_, n) => draftOf((n * 3 + writer) % 8)),
        ),
      ),
    );
    const numberOf = new Map<string, Set<string | undefined>>();
    for (const { receipt } of answers.flat()) {
      const seen = numberOf.get(receipt.receiptId) ?? new Set();
      numberOf.set(receipt.receiptId, seen.add(receipt.number?.text));
    }
    expect([...numberOf.values()].map((texts) => texts.size)).toEqual(Array.from({ length: 8 }, () => 1));
    expect(answers.flat().filter(({ state }) => state === 'created')).toHaveLength(8);
    expect(await createReceiptStore(client, table).listSeries()).toMatchObject([{ last: 8 }]);
  }, 60_000);

  test('an answer that was lost does not take a second number', async () => {
    const table = await createStateTable(client);
    const deaf = testClient(inject('dynamoDbEndpoint'));
    deaf.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          if (commandName === 'TransactWriteItemsCommand') throw new Error('socket hang up');
          return answer;
        },
      { step: 'initialize' },
    );
    await expect(createReceiptStore(deaf, table).create([draftOf(1)])).rejects.toThrow('dynamodb');
    deaf.destroy();
    const [again] = await createReceiptStore(client, table).create([draftOf(1)]);
    expect(again).toMatchObject({ state: 'exists', receipt: { number: { sequence: 1 } } });
    const [next] = await createReceiptStore(client, table).create([draftOf(2)]);
    expect(next).toMatchObject({ state: 'created', receipt: { number: { sequence: 2 } } });
  });
});
