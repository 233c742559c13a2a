import {
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, expect, inject, test } from 'vitest';
import { createConfirmationStore } from '../../shared/adapters/dynamodb/confirmation-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { keys } from '../../shared/adapters/dynamodb/table.ts';
import { ThrottledError, UnexpectedAnswerError } from '../../shared/domain/errors.ts';
import { orderId } from '../../shared/domain/order.ts';
import { createStateTable, testClient } from '../support/dynamodb-local.ts';
import { aConfirmation, aShipment } from '../support/shipments.ts';

const client = testClient(inject('dynamoDbEndpoint'));
afterAll(() => client.destroy());

/** A client whose first transactions are cancelled, as DynamoDB cancels one that meets another on one of its items. */
function contendedClient(cancelled: number) {
  const contended = testClient(inject('dynamoDbEndpoint'));
  let left = cancelled;
  contended.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName !== TransactWriteItemsCommand.name || left === 0) return next(args);
        left -= 1;
        throw new TransactionCanceledException({
          $metadata: {},
          message: 'cancelled',
          CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
        });
      },
    { step: 'initialize' },
  );
  return contended;
}

test('a shipment that met another writer is tried again', async () => {
  const contended = contendedClient(2);
  const table = await createStateTable(client);
  const shipment = aShipment();
  const store = createShipmentStore(contended, table);
  expect(await store.create(shipment, [], [aConfirmation()])).toBe('created');
  expect(await createShipmentStore(client, table).get(shipment.shipmentKey)).toEqual(shipment);
  contended.destroy();
});

test('one that meets others for ever is given back to be tried later, and nothing of it is stored', async () => {
  const contended = contendedClient(Number.POSITIVE_INFINITY);
  const table = await createStateTable(client);
  const shipment = aShipment();
  const store = createShipmentStore(contended, table);
  await expect(store.create(shipment, [], [aConfirmation()])).rejects.toThrow(ThrottledError);
  expect(await createShipmentStore(client, table).get(shipment.shipmentKey)).toBeUndefined();
  contended.destroy();
});

test('more orders than one transaction holds are refused before anything is written', async () => {
  const table = await createStateTable(client);
  const store = createShipmentStore(client, table);
  const shipment = aShipment();
  const packages = Array.from({ length: 100 }, (_, number) => ({
    orderId: orderId('amazon', String(number)),
    shipmentKey: shipment.shipmentKey,
    packageNumber: 1,
  }));
  await expect(store.create(shipment, packages, [])).rejects.toThrow('too many orders');
  expect(await store.packagesOf(orderId('amazon', '0'))).toEqual([]);
});

test('what is stored in another format is said, with its key and nothing more', async () => {
  const table = await createStateTable(client);
  const shipments = createShipmentStore(client, table);
  const confirmations = createConfirmationStore(client, table);
  const { shipmentKey } = aShipment();
  const { orderId: order } = aConfirmation();
  for (const item of [
    { ...keys.shipment(shipmentKey), ...aShipment(), state: 'somewhere' },
    { ...keys.confirmation(order, shipmentKey), ...aConfirmation(), reason: 'whim' },
    { ...keys.package(order, 1), shipmentKey },
  ]) {
    const Item = marshall(item, { removeUndefinedValues: true });
    await client.send(new PutItemCommand({ TableName: table, Item }));
  }
  await expect(shipments.get(shipmentKey)).rejects.toThrow(UnexpectedAnswerError);
  await expect(shipments.get(shipmentKey)).rejects.toThrow(
    'stored shipment SHIPMENT#brt:202600000000001 is not in our format',
  );
  await expect(confirmations.ofOrder(order)).rejects.toThrow(UnexpectedAnswerError);
  await expect(shipments.packagesOf(order)).rejects.toThrow(UnexpectedAnswerError);
});
