import { describe, expect, it } from 'vitest';
import { A_CHANNEL, aPersonalDataWorld } from '../../tests/support/personal-data-world.ts';
import { CUSTOMER, PROVIDER_KEY, PROVIDER_URL } from '../../tests/support/provider-world.ts';
import { providerBaseUrl } from '../domain/provider-account.ts';
import { matchModule, unmatchModule } from './match-module.ts';
import {
  changeProviderAccount,
  chooseProviderAccount,
  createProviderAccount,
  findRemoteAccounts,
  listModules,
  readProviderAccount,
} from './provider-accounts.ts';

const NEW = {
  kind: 'http-provider',
  providerAccountId: 'main',
  name: 'Provider',
  baseUrl: PROVIDER_URL,
  apiKey: PROVIDER_KEY,
  customer: CUSTOMER,
} as const;
const wanted = { providerAccountId: 'main', moduleId: 'mod-it', channelId: 'amazon-it' };
const refusedAs = (problem: string) => ({ outcome: 'refused', problem });

describe('a provider account', () => {
  it('is created at the provider and here, and its key is never shown', async () => {
    const world = aPersonalDataWorld();
    const created = await createProviderAccount(world.matchDeps, NEW, 'owner');
    expect(created).toMatchObject({
      outcome: 'done',
      account: { kind: 'http-provider', remote: { remoteAccountId: 'acc-1', status: 'ACTIVE' }, version: 2 },
    });
    const shown = await readProviderAccount(world.matchDeps, 'main');
    expect(shown).toMatchObject({ outcome: 'done', remote: CUSTOMER });
    const said = JSON.stringify([
      created,
      shown,
      await world.activities(),
      await world.accounts.listProviderAccounts(),
    ]);
    expect(said).not.toContain(PROVIDER_KEY);
    expect(JSON.stringify(await world.activities())).not.toContain(CUSTOMER.contactEmail);
    expect(await world.keys.getKey('main')).toBe(PROVIDER_KEY);
  });

  it('whose creation was never answered is taken up again by the same request', async () => {
    const world = aPersonalDataWorld();
    world.standIn.trouble('answer-lost', 1);
    expect(await createProviderAccount(world.matchDeps, NEW, 'owner')).toEqual(
      refusedAs('provider-unavailable'),
    );
    expect(await listModules(world.matchDeps, 'main')).toEqual(refusedAs('not-ready'));
    expect(await createProviderAccount(world.matchDeps, NEW, 'owner')).toMatchObject({ outcome: 'done' });
    expect(world.standIn.account('acc-2')).toBeUndefined();
    expect(await createProviderAccount(world.matchDeps, NEW, 'owner')).toEqual(refusedAs('id-taken'));
  });

  it('that the provider has is found and chosen, once', async () => {
    const world = aPersonalDataWorld();
    await createProviderAccount(world.matchDeps, NEW, 'owner');
    const way = { baseUrl: PROVIDER_URL, apiKey: PROVIDER_KEY };
    const found = await findRemoteAccounts(world.matchDeps, { ...way, externalId: 'IT00000000000/main' });
    expect(found).toMatchObject({ outcome: 'done', accounts: [{ remoteAccountId: 'acc-1' }] });
    const choice = { ...way, providerAccountId: 'other', name: 'Other', remoteAccountId: 'acc-1' };
    expect(await chooseProviderAccount(world.matchDeps, choice, 'owner')).toEqual(
      refusedAs('account-of-another'),
    );
    const elsewhere = aPersonalDataWorld();
    const { matchDeps } = elsewhere;
    expect(await chooseProviderAccount(matchDeps, choice, 'owner')).toEqual(refusedAs('account-unknown'));
    const deps = { ...matchDeps, provider: world.matchDeps.provider };
    expect(await chooseProviderAccount(deps, choice, 'owner')).toMatchObject({
      outcome: 'done',
      account: { providerAccountId: 'other', remote: { externalId: 'IT00000000000/main' } },
    });
  });

  it('is changed on the version that was read, and a new key is tried before it is kept', async () => {
    const world = aPersonalDataWorld();
    await createProviderAccount(world.matchDeps, NEW, 'owner');
    const change = (
      expectedVersion: number,
      changes: Parameters<typeof changeProviderAccount>[1]['changes'],
    ) =>
      changeProviderAccount(
        world.matchDeps,
        { providerAccountId: 'main', expectedVersion, changes },
        'owner',
      );
    expect(await change(1, { name: 'Too late' })).toEqual(refusedAs('changed-meanwhile'));
    expect(await change(2, { apiKey: 'wrong-key' })).toEqual(refusedAs('key-refused'));
    expect(await world.keys.getKey('main')).toBe(PROVIDER_KEY);
    world.standIn.renewKey('next-key');
    expect(await change(2, { apiKey: 'next-key', customer: { legalName: 'Altra Srl' } })).toMatchObject({
      outcome: 'done',
      account: { version: 3 },
    });
    expect(await world.keys.getKey('main')).toBe('next-key');
    expect(world.standIn.account('acc-1')?.legalName).toBe('Altra Srl');
  });

  it.each([
    'http://personal-data.example',
    'https://user:secret@personal-data.example',
    'https://169.254.169.254',
    'https://[::1]',
    'https://localhost',
    'https://service.internal',
    'https://personal-data.example:8443',
    'https://personal-data.example/?key=1',
    'not an address',
  ])('is never made at %s', async (baseUrl) => {
    const world = aPersonalDataWorld();
    expect(await createProviderAccount(world.matchDeps, { ...NEW, baseUrl }, 'owner')).toEqual(
      refusedAs('address-not-allowed'),
    );
  });

  it('keeps the one spelling of its address', () => {
    expect(providerBaseUrl('https://Personal-Data.example/api/')).toBe('https://personal-data.example/api');
  });
});

describe('a match', () => {
  it('is made at the provider and on the channel, and taken away again', async () => {
    const world = aPersonalDataWorld();
    await world.openAccount();
    expect(await listModules(world.matchDeps, 'main')).toMatchObject({
      modules: [{ moduleId: 'mod-it', country: 'IT', active: true }, { moduleId: 'mod-de' }],
    });
    expect(await matchModule(world.matchDeps, wanted, 'owner')).toMatchObject({
      outcome: 'done',
      channel: { personalDataModule: { providerAccountId: 'main', moduleId: 'mod-it' }, version: 2 },
    });
    expect(world.standIn.matches.get('mod-it')).toBe('amazon-it');
    expect(await unmatchModule(world.matchDeps, { channelId: 'amazon-it' }, 'owner')).toMatchObject({
      outcome: 'done',
    });
    expect(world.standIn.matches.size).toBe(0);
    expect((await world.channels.getChannel('amazon-it'))?.personalDataModule).toBeUndefined();
    expect((await world.accounts.getProviderAccount('main'))?.pendingMatch).toBeUndefined();
    expect((await world.activities()).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['personal-data-module-matched', 'personal-data-module-unmatched']),
    );
  });

  it('whose answer was lost is asked about and not sent twice', async () => {
    const world = aPersonalDataWorld();
    await world.openAccount();
    // The modules are read, then the match is carried out and its answer lost.
    const { provider } = world.matchDeps;
    const match: typeof provider.match = async (...args) => {
      world.standIn.trouble('answer-lost', 1);
      return provider.match(...args);
    };
    const deps = { ...world.matchDeps, provider: { ...provider, match } };
    expect(await matchModule(deps, wanted, 'owner')).toMatchObject({ outcome: 'done' });
    expect(world.standIn.calls.get('matchModule')).toBe(1);
    expect(world.standIn.calls.get('listModules')).toBe(2);
  });

  it('that nobody could finish is finished by whoever matches next', async () => {
    const world = aPersonalDataWorld();
    await world.openAccount();
    const account = await world.accounts.getProviderAccount('main');
    if (account === undefined) throw new Error('no account');
    const pendingMatch = {
      wanted: 'match',
      moduleId: 'mod-it',
      channelId: 'amazon-it',
      at: '2026-11-23T08:00:00.000Z',
    } as const;
    await world.accounts.putProviderAccount({ ...account, pendingMatch }, account.version);
    const { provider } = world.matchDeps;
    const connection = { baseUrl: PROVIDER_URL, apiKey: PROVIDER_KEY };
    await provider.match(connection, {
      remoteAccountId: 'acc-1',
      moduleId: 'mod-it',
      channelId: 'amazon-it',
      channelCountry: 'IT',
    });
    await world.channels.createChannel({ ...A_CHANNEL, channelId: 'amazon-de', country: 'DE' });
    const other = { ...wanted, moduleId: 'mod-de', channelId: 'amazon-de' };
    expect(await matchModule(world.matchDeps, other, 'owner')).toMatchObject({ outcome: 'done' });
    expect((await world.channels.getChannel('amazon-it'))?.personalDataModule?.moduleId).toBe('mod-it');
  });

  it.each([
    ['country-mismatch', { ...wanted, moduleId: 'mod-de' }],
    ['module-unknown', { ...wanted, moduleId: 'mod-xx' }],
    ['channel-not-here', { ...wanted, channelId: 'amazon-xx' }],
    ['account-not-here', { ...wanted, providerAccountId: 'nobody' }],
    ['marketplace-mismatch', { ...wanted, channelId: 'ebay-it' }],
    ['channel-already-matched', { ...wanted, moduleId: 'mod-it-2' }],
    ['module-already-matched', { ...wanted, channelId: 'amazon-it-2' }],
  ])(
    'that does not fit is refused here as %s, and the provider is not bothered',
    async (problem, request) => {
      const world = aPersonalDataWorld();
      await world.openAccount();
      world.standIn.addModule({
        id: 'mod-it-2',
        accountId: 'acc-1',
        kind: 'amazon',
        marketplace: 'IT',
        label: 'Second',
      });
      await world.channels.createChannel({ ...A_CHANNEL, channelId: 'ebay-it', marketplace: 'ebay' });
      await world.channels.createChannel({ ...A_CHANNEL, channelId: 'amazon-it-2' });
      await matchModule(world.matchDeps, wanted, 'owner');
      const calls = world.standIn.calls.get('matchModule');
      expect(await matchModule(world.matchDeps, request, 'owner')).toEqual(refusedAs(problem));
      expect(world.standIn.calls.get('matchModule')).toBe(calls);
    },
  );

  it('with the restricted roles is a choice: the channels are the modules and nobody is asked', async () => {
    const world = aPersonalDataWorld();
    const roles = { kind: 'amazon-roles', providerAccountId: 'roles', name: 'Amazon' } as const;
    expect(await createProviderAccount(world.matchDeps, roles, 'owner')).toMatchObject({ outcome: 'done' });
    const choice = { providerAccountId: 'roles', moduleId: 'amazon-it', channelId: 'amazon-it' };
    expect(await matchModule(world.matchDeps, choice, 'owner')).toMatchObject({ outcome: 'done' });
    expect(await listModules(world.matchDeps, 'roles')).toMatchObject({
      modules: [{ moduleId: 'amazon-it', matchedChannel: 'amazon-it' }],
    });
    expect([...world.standIn.calls]).toEqual([]);
  });
});
