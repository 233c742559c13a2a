import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { providerContract } from '../../../tests/support/provider-contract.ts';
import { aProvider, CUSTOMER, PERSON, PROVIDER_KEY } from '../../../tests/support/provider-world.ts';
import { ThrottledError, UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { orderId } from '../../domain/order.ts';
import { ProviderRefusedError } from '../../domain/provider-account.ts';
import type { PersonalDataRequest } from '../../ports/personal-data-source.ts';
import { createHttpProvider } from './provider.ts';
import { createHttpProviderSource } from './source.ts';

const EXTERNAL_ID = 'IT00000000000/main';
const requestOf = (marketplaceOrderId: string): PersonalDataRequest => ({
  orderId: orderId('amazon', marketplaceOrderId),
  marketplaceOrderId,
  accountId: 'A1EXAMPLE',
  siteId: 'APJ6JRA9NG5V4',
  expiresAt: '2026-12-24T22:59:59.000Z',
});

/** An account with two modules, the first matched, and the source of its orders. */
async function opened(options: Parameters<typeof aProvider>[0] = {}) {
  const world = aProvider(options);
  const provider = createHttpProvider(world.client);
  const { remoteAccountId } = await provider.createAccount(world.connection, {
    ...CUSTOMER,
    externalId: EXTERNAL_ID,
  });
  const module = { accountId: remoteAccountId, kind: 'amazon', label: 'Shop' };
  world.standIn.addModule({ ...module, id: 'mod-it', marketplace: 'IT' });
  world.standIn.addModule({ ...module, id: 'mod-de', marketplace: 'DE' });
  const match = { remoteAccountId, moduleId: 'mod-it', channelId: 'amazon-it', channelCountry: 'IT' };
  await provider.match(world.connection, match);
  const source = createHttpProviderSource(world.client, async () => world.connection, 'mod-it');
  return { ...world, provider, remoteAccountId, match, source };
}

describe('the contract', () => {
  it('is a valid OpenAPI document', async () => {
    const { valid, errors } = await new Validator().validate(providerContract());
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('is kept by both sides in every operation it names', async () => {
    const { provider, connection, contract, remoteAccountId, source, standIn, match } = await opened();
    await provider.createAccount(connection, { ...CUSTOMER, externalId: EXTERNAL_ID });
    await provider.findAccounts(connection, EXTERNAL_ID);
    const { etag } = await provider.readAccount(connection, remoteAccountId);
    await provider.changeAccount(connection, remoteAccountId, { legalName: 'Altra Srl' }, etag);
    await provider.listModules(connection, remoteAccountId);
    standIn.putPerson('404-1', { person: PERSON });
    standIn.putPerson('404-2', 'expired');
    await source.fetch([requestOf('404-1')]);
    await source.fetch([requestOf('404-1'), requestOf('404-2'), requestOf('404-3')]);
    await provider.deletePersonalInformation(connection, { moduleId: 'mod-it', marketplaceOrderId: '404-1' });
    await provider.unmatch(connection, match);
    expect(contract.breaches).toEqual([]);
    expect([...contract.operations].sort()).toEqual([
      'changeAccount',
      'createAccount',
      'deletePersonalInformation',
      'findAccounts',
      'listModules',
      'matchModule',
      'personalInformation',
      'personalInformationBatch',
      'readAccount',
      'unmatchModule',
    ]);
  });

  it('is held against what is sent: a call outside it is noticed', () => {
    const { contract } = aProvider();
    const url = new URL('https://personal-data.example/v1/accounts');
    contract.answer({ method: 'POST', url, headers: {}, body: '{"legalName":1}' });
    expect(contract.breaches.join('\n')).toMatch(
      /X-Request-Id is missing\n.*no key\n.*request: .*externalId/,
    );
  });
});

describe('accounts and modules', () => {
  it('the same account created twice is one', async () => {
    const { provider, connection, remoteAccountId } = await opened();
    const again = await provider.createAccount(connection, { ...CUSTOMER, externalId: EXTERNAL_ID });
    expect(again.remoteAccountId).toBe(remoteAccountId);
    expect(
      (await provider.findAccounts(connection, EXTERNAL_ID)).map((each) => each.remoteAccountId),
    ).toEqual([remoteAccountId]);
  });

  it('of two changes of the same version the second is refused', async () => {
    const { provider, connection, remoteAccountId, contract } = await opened();
    const { etag } = await provider.readAccount(connection, remoteAccountId);
    await provider.changeAccount(connection, remoteAccountId, { legalName: 'Prima Srl' }, etag);
    await expect(
      provider.changeAccount(connection, remoteAccountId, { legalName: 'Seconda Srl' }, etag),
    ).rejects.toMatchObject({ problem: 'changed-meanwhile', status: 412 });
    expect(contract.breaches).toEqual([]);
  });

  it.each([
    ['module-already-matched', { moduleId: 'mod-it', channelId: 'amazon-fr', channelCountry: 'IT' }],
    ['channel-already-matched', { moduleId: 'mod-de', channelId: 'amazon-it', channelCountry: 'DE' }],
    ['country-mismatch', { moduleId: 'mod-de', channelId: 'amazon-fr', channelCountry: 'FR' }],
    ['module-unknown', { moduleId: 'mod-xx', channelId: 'amazon-fr', channelCountry: 'FR' }],
  ])('a match that does not fit is refused as %s', async (problem, wanted) => {
    const { provider, connection, remoteAccountId } = await opened();
    await expect(provider.match(connection, { remoteAccountId, ...wanted })).rejects.toMatchObject({
      problem,
    });
  });

  it('a match and its end may be repeated', async () => {
    const { provider, connection, match, standIn } = await opened();
    await provider.match(connection, match);
    expect(standIn.matches.get('mod-it')).toBe('amazon-it');
    await provider.unmatch(connection, match);
    await provider.unmatch(connection, match);
    expect(standIn.matches.size).toBe(0);
  });

  it('a key that was withdrawn, and one that cannot stand in a header, are refused alike and never repeated', async () => {
    const { provider, standIn } = await opened();
    const findWith = (apiKey: string) =>
      provider.findAccounts({ baseUrl: 'https://personal-data.example', apiKey }, EXTERNAL_ID);
    standIn.renewKey('another-key');
    for (const apiKey of [PROVIDER_KEY, 'pasted-with-a-line-end\n']) {
      const error = await findWith(apiKey).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ProviderRefusedError);
      expect(error).toMatchObject({ problem: 'key-refused' });
      expect(JSON.stringify([error, String(error)])).not.toContain(apiKey.trim());
    }
  });
});

describe('personal data', () => {
  it('is found with everything the contract gives, to be kept no longer than it says', async () => {
    const { source, standIn } = await opened();
    standIn.putPerson('404-1', {
      person: {
        ...PERSON,
        billingAddress: { ...PERSON.shippingAddress, name: 'Ditta Inventata', line2: 'Interno 2' },
        taxIds: [
          { type: 'VAT', value: 'IT99999999999' },
          { type: 'PEC', value: 'ditta@pec.example' },
          { type: 'SDI_CODE', value: 'ABCDEF0' },
        ],
      },
    });
    const request = requestOf('404-1');
    expect((await source.fetch([request])).get(request.orderId)).toEqual({
      outcome: 'found',
      buyer: {
        orderId: 'amazon:404-1',
        state: 'present',
        name: 'Persona Inventata',
        email: 'persona@buyer.example',
        company: undefined,
        deliveryAddress: {
          name: 'Persona Inventata',
          lines: ['Via Inventata 1'],
          city: 'Cittainventata',
          region: 'XX',
          postalCode: '00000',
          countryCode: 'IT',
          phone: '+390000000000',
        },
        billingAddress: {
          name: 'Ditta Inventata',
          lines: ['Via Inventata 1', 'Interno 2'],
          city: 'Cittainventata',
          region: 'XX',
          postalCode: '00000',
          countryCode: 'IT',
          phone: undefined,
        },
        invoiceDestination: 'ABCDEF0',
        taxRegistrations: [{ kind: 'VAT', number: 'IT99999999999' }],
        lines: [],
        updatedAt: '2026-11-23T09:00:00.000Z',
        expiresAt: '2026-12-24T22:59:59.000Z',
        keptAtMostUntil: '2026-12-23T09:00:00.000Z',
      },
    });
  });

  it('is answered order by order in a batch, each with its own outcome', async () => {
    const { source, standIn, contract } = await opened();
    standIn.putPerson('404-1', { person: PERSON });
    standIn.putPerson('404-2', 'expired');
    const requests = ['404-1', '404-2', '404-3'].map(requestOf);
    const answers = await source.fetch(requests);
    expect(requests.map(({ orderId: id }) => answers.get(id)?.outcome)).toEqual([
      'found',
      'expired',
      'not-visible',
    ]);
    expect(standIn.calls.get('personalInformation')).toBeUndefined();
    expect(contract.breaches).toEqual([]);
  });

  it('that is being fetched says when to come back, alone and in a batch', async () => {
    const { source, standIn } = await opened({ fetchingMs: 90_000 });
    for (const id of ['404-1', '404-2']) standIn.putPerson(id, { person: PERSON });
    const first = requestOf('404-1');
    const second = requestOf('404-2');
    const being = { outcome: 'being-fetched', retryAfterMs: 90_000 };
    expect((await source.fetch([first])).get(first.orderId)).toEqual(being);
    expect([...(await source.fetch([first, second])).values()]).toEqual([being, being]);
  });

  it.each([
    [
      'module-not-matched',
      (world: Awaited<ReturnType<typeof opened>>) => world.standIn.forgetMatch('mod-it'),
    ],
    [
      'account-suspended',
      (world: Awaited<ReturnType<typeof opened>>) =>
        world.standIn.setStatus(world.remoteAccountId, 'SUSPENDED'),
    ],
    ['key-refused', (world: Awaited<ReturnType<typeof opened>>) => world.standIn.renewKey('another-key')],
  ])('a refusal of the whole module is thrown as %s, alone and in a batch', async (problem, spoil) => {
    const world = await opened();
    spoil(world);
    await expect(world.source.fetch([requestOf('404-1')])).rejects.toMatchObject({ problem });
    await expect(world.source.fetch(['404-1', '404-2'].map(requestOf))).rejects.toMatchObject({ problem });
  });

  it.each([
    ['throttled', ThrottledError],
    ['server-error', UnavailableError],
    ['dropped', UnavailableError],
  ] as const)('a provider that is %s fails in its family', async (trouble, family) => {
    const { source, standIn } = await opened();
    standIn.trouble(trouble, 1);
    await expect(source.fetch([requestOf('404-1')])).rejects.toBeInstanceOf(family);
  });

  it('a throttle says for how long', async () => {
    const { source, standIn } = await opened();
    standIn.trouble('throttled', 1);
    await expect(source.fetch([requestOf('404-1')])).rejects.toMatchObject({ retryAfterMs: 60_000 });
  });

  it('half an answer, one against the contract and one about somebody else are never taken for a person', async () => {
    const { source, standIn } = await opened();
    standIn.putPerson('404-1', { person: PERSON });
    standIn.putPerson('404-2', 'broken');
    standIn.trouble('truncated', 1);
    const first = requestOf('404-1');
    const second = requestOf('404-2');
    expect((await source.fetch([first])).get(first.orderId)).toEqual({ outcome: 'unexpected-answer' });
    expect((await source.fetch([second])).get(second.orderId)).toEqual({ outcome: 'unexpected-answer' });
    const both = await source.fetch([first, second]);
    expect(both.get(first.orderId)?.outcome).toBe('found');
    expect(both.get(second.orderId)?.outcome).toBe('unexpected-answer');
    standIn.trouble('truncated', 1);
    await expect(source.fetch([first, second])).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });

  it('is deleted at the provider, and what it does not have counts as deleted', async () => {
    const { provider, connection, standIn } = await opened();
    standIn.putPerson('404-1', { person: PERSON });
    for (const marketplaceOrderId of ['404-1', '404-1', '404-9']) {
      await provider.deletePersonalInformation(connection, { moduleId: 'mod-it', marketplaceOrderId });
    }
    expect(standIn.deleted).toEqual(new Set(['404-1', '404-9']));
  });
});
