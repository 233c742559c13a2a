import { expect, test } from 'vitest';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import { createBrtProbe } from './probe.ts';

const CREDENTIALS = {
  userId: 'demo',
  password: 'demo-not-a-secret',
  customerCode: '9000001',
  departureDepot: '66',
};
const answering = (track: () => Promise<'not-yet'>) =>
  createBrtProbe(({ userId: _, password: __, ...account }) => ({
    account,
    trackParcel: track,
    ship: () => Promise.reject(new Error('changes something')),
    ask: () => Promise.reject(new Error('needs no password')),
  }));

test('credentials that BRT lets in work, although it knows no such parcel', async () => {
  await expect(answering(async () => 'not-yet').probe(CREDENTIALS)).resolves.toBeUndefined();
});

test('credentials that BRT refuses, or could never be its own, are refused by name and not by content', async () => {
  const refusal = new CourierRefusedError('brt', 'brt track: code -7', { reason: 'unauthorised' });
  await expect(answering(() => Promise.reject(refusal)).probe(CREDENTIALS)).rejects.toBe(refusal);
  const probing = answering(async () => 'not-yet').probe({ ...CREDENTIALS, customerCode: 'SECRET-1' });
  await expect(probing).rejects.toMatchObject({
    reason: 'invalid',
    message: "brt: not BRT's credentials: customerCode",
  });
});
