import * as sdk from '@aws-sdk/client-s3';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createShipmentLabels } from '../../shared/adapters/s3/shipment-labels.ts';
import { shipmentKey } from '../../shared/domain/shipment.ts';

let server: FauxqsServer;
let s3: sdk.S3Client;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  s3 = new sdk.S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  await s3.send(new sdk.CreateBucketCommand({ Bucket: 'personal' }));
});
afterAll(async () => {
  s3.destroy();
  await server.stop();
});

test('labels are kept in the order of the parcels, handed out for minutes, and end with their shipment only', async () => {
  const labels = createShipmentLabels(async () => ({ sdk, client: s3 }), 'personal');
  const one = shipmentKey('brt', '202600000000001');
  const [first, second] = await labels.keep(one, 'PDF', [Buffer.from('%PDF-1'), Buffer.from('%PDF-2')]);
  // A key that begins alike is another shipment's.
  const [other] = await labels.keep(shipmentKey('brt', '2026000000000010'), 'ZPL', [Buffer.from('^XA')]);
  if (first === undefined || second === undefined || other === undefined) throw new Error('keys are missing');
  // Made anew after an attempt whose end nobody knew: the same places.
  expect(await labels.keep(one, 'PDF', [Buffer.from('%PDF-3'), Buffer.from('%PDF-2')])).toEqual([
    first,
    second,
  ]);
  const { url, validMs } = await labels.linkTo(first);
  expect(validMs).toBe(300_000);
  expect(await (await fetch(url)).text()).toBe('%PDF-3');

  await labels.deleteFor(one);
  await labels.deleteFor(one);
  expect((await fetch(url)).status).toBe(404);
  expect(await (await fetch((await labels.linkTo(other)).url)).text()).toBe('^XA');
});
