import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createIssuerStandIn } from '../../../local/partners/bitztobe/stand-in.ts';
import { partnerFetch } from '../../../tests/support/partner-fetch.ts';
import { heldAgainstContract } from '../../../tests/support/provider-contract.ts';
import { ReceiptWorld, receiptChannel } from '../../../tests/support/receipt-world.ts';
import { orderId } from '../../domain/order.ts';
import { receiptId } from '../../domain/receipt.ts';
import { issueReceipts } from '../../usecases/issue-receipts.ts';
import { issueReversal } from '../../usecases/issue-reversal.ts';
import { createBitztobeAssociations } from './associations.ts';
import { createIssuerClient } from './client.ts';
import { issuerContract } from './contract.ts';
import { createBitztobeIssuer } from './issuer.ts';

const ORDER = orderId('amazon', '404-0000001-0000001');
const SALE = receiptId(ORDER, 'sale', '1');
const CONNECTION = {
  baseUrl: 'https://receipts.example',
  issuerAccountId: 'shop-1',
  apiKey: 'key-0123456789',
};

/** A shop whose channel is associated with the stand-in; every call is held against the contract. */
async function aShop(makingMs = 0) {
  const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: { issuer: 'bitztobe' } })] });
  const standIn = createIssuerStandIn({
    host: 'receipts.example',
    apiKey: CONNECTION.apiKey,
    issuerAccountId: CONNECTION.issuerAccountId,
    now: () => world.nowMs,
    makingMs,
  });
  const document = z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(issuerContract())));
  const contract = heldAgainstContract(standIn, document);
  let calls = 0;
  const client = createIssuerClient(() => {
    calls += 1;
    return `request-${calls}`;
  }, partnerFetch(contract));
  const associations = createBitztobeAssociations(client);
  const association = { channelId: 'amazon-it', language: 'it', automaticFrom: undefined } as const;
  await associations.associate(CONNECTION, association);
  const issuer = createBitztobeIssuer(client, async () => CONNECTION, world.receipts);
  const deps = { ...world.deps, issuers: { bitztobe: issuer } };
  const issue = async () => (await issueReceipts(deps, [{ orderId: ORDER, requestedBy: 'operator-1' }]))[0];
  await world.sold({}, { taxRegistrations: [{ kind: 'FISCAL_NUMBER', number: 'NVNNMN00A00A000A' }] });
  return { world, standIn, contract, associations, deps, issue };
}

describe('the contract', () => {
  test('is a valid OpenAPI document, and the one in docs', async () => {
    const file = new URL('../../../docs/receipt-issuer.openapi.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(issuerContract())));
    const { valid } = await new Validator().validate(JSON.parse(JSON.stringify(issuerContract())));
    expect(valid).toBe(true);
  });

  test('is kept by both sides from a receipt to its credit and the end of the association', async () => {
    const { issue, deps, contract, standIn, associations, world } = await aShop();
    expect(await issue()).toMatchObject({
      outcome: 'issued',
      receipt: { number: { text: '1/BZ', year: 2026 }, remoteId: 'rec-1' },
    });
    const credit = await issueReversal(deps, {
      receiptId: SALE,
      request: 'r1',
      wanted: { of: 'amount', amountMinor: 1000 },
      reason: 'refund',
      requestedBy: 'operator-1',
    });
    expect(credit).toMatchObject({ outcome: 'issued', receipt: { kind: 'courtesy-reversal' } });
    await associations.dissociate(CONNECTION, 'amazon-it');
    expect(contract.breaches).toEqual([]);
    expect(standIn.documents.map(({ kind, totalGross }) => [kind, totalGross])).toEqual([
      ['COURTESY_RECEIPT', 2490],
      ['COURTESY_REVERSAL', -1000],
    ]);
    expect(world.files.objects.size).toBe(2);
  });
});

describe('a call that fails', () => {
  test('whose answer was lost is asked after, and nothing is made twice', async () => {
    const { issue, standIn, contract } = await aShop();
    standIn.trouble('answer-lost', 1);
    expect(await issue()).toMatchObject({ outcome: 'under-way', receipt: { problem: 'issuer-unavailable' } });
    expect(await issue()).toMatchObject({ outcome: 'issued', receipt: { remoteId: 'rec-1' } });
    expect(standIn.documents).toHaveLength(1);
    expect(standIn.calls.get('createReceipt')).toBe(1);
    expect(contract.breaches).toEqual([]);
  });

  test.each([
    ['dropped', 'issuer-unavailable'],
    ['server-error', 'issuer-unavailable'],
    ['throttled', 'issuer-throttled'],
    ['truncated', 'issuer-answer-unexpected'],
  ] as const)('%s waits, and leaves one document in the end', async (trouble, problem) => {
    const { issue, standIn } = await aShop();
    standIn.trouble(trouble, 1);
    expect(await issue()).toMatchObject({ outcome: 'under-way', receipt: { problem } });
    expect(await issue()).toMatchObject({ outcome: 'issued' });
    expect(standIn.documents).toHaveLength(1);
  });

  test('for a key that was withdrawn says so, and goes on when it is right', async () => {
    const { issue, standIn } = await aShop();
    standIn.renewKey('another');
    expect(await issue()).toMatchObject({ outcome: 'under-way', receipt: { problem: 'issuer-key-refused' } });
    standIn.renewKey(CONNECTION.apiKey);
    expect(await issue()).toMatchObject({ outcome: 'issued' });
  });
});

describe('what the issuer says', () => {
  test('a document that takes time is asked for until it is there', async () => {
    const { issue, world, contract } = await aShop(90_000);
    expect(await issue()).toMatchObject({ outcome: 'under-way', receipt: { state: 'processing' } });
    world.nowMs += 91_000;
    expect(await issue()).toMatchObject({ outcome: 'issued' });
    expect(contract.breaches).toEqual([]);
  });

  test('one issued there by hand is adopted when it says the same, and refused when it does not', async () => {
    for (const [totalGross, outcome] of [
      [2490, 'issued'],
      [2491, 'refused'],
    ] as const) {
      const { issue, standIn } = await aShop();
      const { marketplaceOrderId } = { marketplaceOrderId: '404-0000001-0000001' };
      standIn.issueByHand({ channel: 'amazon-it', marketplaceOrderId, kind: 'COURTESY_RECEIPT', totalGross });
      expect((await issue())?.outcome).toBe(outcome);
      expect(standIn.documents).toHaveLength(1);
    }
  });

  test('without an association there it refuses with its code', async () => {
    const { issue, associations } = await aShop();
    await associations.dissociate(CONNECTION, 'amazon-it');
    expect(await issue()).toMatchObject({ problem: 'issuer-refused', details: ['NOT_ASSOCIATED'] });
  });
});
