import { beforeEach, describe, expect, test } from 'vitest';
import { AMAZON_SECRETS, ChannelWorld } from '../../tests/support/channel-world.ts';
import { RejectedError } from '../domain/errors.ts';
import { archiveChannel } from './change-channel.ts';
import { type ChannelToOpen, openChannel } from './open-channel.ts';

const wanted: ChannelToOpen = {
  name: 'Sito Amazon',
  marketplace: 'amazon',
  country: 'IT',
  accountId: 'A1EXAMPLE',
};
const signIn = { secrets: AMAZON_SECRETS };

let world: ChannelWorld;
beforeEach(() => {
  world = new ChannelWorld();
});

describe('opening a channel', () => {
  test('tests and stores its credentials and leaves every sync off', async () => {
    const opened = await openChannel(world, wanted, signIn);
    const channel = {
      channelId: 'amazon-it',
      name: 'Sito Amazon',
      marketplace: 'amazon',
      accountId: 'A1EXAMPLE',
      siteIds: ['APJ6JRA9NG5V4'],
      country: 'IT',
      timeZone: 'Europe/Rome',
      ordersSync: false,
      ordersFrom: '2026-10-24T10:00:00.000Z',
    };
    expect(opened).toMatchObject({ outcome: 'opened', channel, account: { health: { state: 'working' } } });
    expect(await world.channels.getChannel('amazon-it')).toEqual(channel);
    expect(await world.credentials.getCredentials('amazon', 'A1EXAMPLE')).toEqual(AMAZON_SECRETS);
    expect(world.probe.asked[0]?.siteIds).toEqual(['APJ6JRA9NG5V4']);
    expect(await world.done()).toEqual([
      'channel-opened channel/amazon-it',
      'credentials-saved account/amazon/A1EXAMPLE',
    ]);
  });

  test('twice is refused the second time, and changes nothing, the credentials included', async () => {
    await openChannel(world, wanted, signIn);
    const again = await openChannel(world, wanted, { secrets: { ...AMAZON_SECRETS, refreshToken: 'other' } });
    expect(again).toEqual({ outcome: 'site-taken', siteId: 'APJ6JRA9NG5V4', by: 'amazon-it' });
    expect(await world.credentials.getCredentials('amazon', 'A1EXAMPLE')).toEqual(AMAZON_SECRETS);
  });

  test('with an id that is taken is refused', async () => {
    await openChannel(world, { ...wanted, channelId: 'shop' }, signIn);
    const again = await openChannel(world, { ...wanted, channelId: 'shop', country: 'DE' }, signIn);
    expect(again).toEqual({ outcome: 'id-taken', channelId: 'shop' });
  });

  test('by two operators at the same moment leaves at most one of them', async () => {
    const both = await Promise.all([
      openChannel(world, wanted, signIn),
      openChannel(world, { ...wanted, channelId: 'other' }, signIn),
    ]);
    const living = (await world.channels.listChannels()).filter(({ archivedAt }) => archivedAt === undefined);
    expect(living.length).toBeLessThanOrEqual(1);
    expect(both.filter(({ outcome }) => outcome === 'opened')).toHaveLength(living.length);
    expect(both.map(({ outcome }) => outcome)).toContain('site-taken');
  });

  test('by two operators with the very same wishes leaves one', async () => {
    const both = await Promise.all([openChannel(world, wanted, signIn), openChannel(world, wanted, signIn)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['id-taken', 'opened']);
    expect(await world.channels.listChannels()).toHaveLength(1);
  });

  test('on a site of another account is another shop’s', async () => {
    await openChannel(world, wanted, signIn);
    const second = await openChannel(world, { ...wanted, accountId: 'A2EXAMPLE' }, signIn);
    expect(second).toMatchObject({ outcome: 'opened', channel: { channelId: 'amazon-it-2' } });
  });

  test('on the site of an archived channel is possible, under an id of its own', async () => {
    await openChannel(world, wanted, signIn);
    await archiveChannel(world, 'amazon-it');
    const again = await openChannel(world, wanted, 'stored');
    expect(again).toMatchObject({ outcome: 'opened', channel: { channelId: 'amazon-it-2' } });
  });

  test('of an account that can sign in already needs no credentials again', async () => {
    await openChannel(world, wanted, signIn);
    expect((await openChannel(world, { ...wanted, country: 'DE' }, 'stored')).outcome).toBe('opened');
  });

  test('of an account that cannot sign in is refused, and there is no channel', async () => {
    expect(await openChannel(world, wanted, 'stored')).toEqual({ outcome: 'no-credentials' });
    expect(await world.channels.listChannels()).toEqual([]);
  });

  test('whose credentials come later is open without an account', async () => {
    expect(await openChannel(world, wanted, 'later')).toMatchObject({
      outcome: 'opened',
      account: undefined,
    });
  });

  test('with credentials that the marketplace refuses opens nothing and stores nothing', async () => {
    world.probe.answer = new RejectedError('amazon', 'x', { status: 401 });
    expect(await openChannel(world, wanted, signIn)).toEqual({
      outcome: 'credentials-refused',
      refused: { outcome: 'refused', problem: 'unauthorised' },
    });
    expect(await world.channels.listChannels()).toEqual([]);
    expect(await world.credentials.getCredentials('amazon', 'A1EXAMPLE')).toBeUndefined();
    expect(await world.accounts.listAccounts()).toEqual([]);
    expect(await world.done()).toEqual([]);
  });

  test.each([
    ['ebay', 'EBAY_IT'],
    ['amazon', 'APJ6JRA9NG5V4'],
  ] as const)('of %s takes its site from the country', async (marketplace, siteId) => {
    const opened = await openChannel(world, { ...wanted, marketplace, name: undefined }, 'later');
    expect(opened).toMatchObject({ channel: { channelId: `${marketplace}-it`, siteIds: [siteId] } });
  });

  test.each([
    ['UK', 'GB', 'Europe/London'],
    ['de', 'DE', 'Europe/Berlin'],
  ])('in %s is in %s, where days are cut in %s', async (country, code, timeZone) => {
    const opened = await openChannel(world, { ...wanted, country }, 'later');
    expect(opened).toMatchObject({ channel: { country: code, timeZone } });
  });

  test('of ManoMano has its contracts as sites', async () => {
    const contracts = [
      { contractId: '70001', country: 'IT', deliveryType: 'SELF' as const },
      { contractId: '70002', country: 'IT', deliveryType: 'MMF' as const },
    ];
    const opened = await openChannel(
      world,
      { marketplace: 'manomano', country: 'IT', accountId: 'shop', contracts },
      'later',
    );
    expect(opened).toMatchObject({
      channel: { siteIds: ['70001', '70002'], contracts, name: 'ManoMano.it' },
    });
  });

  const contract = { contractId: '70001', country: 'IT', deliveryType: 'SELF' as const };
  test.each([
    [{ channelId: 'Amazon_IT' }, 'channel-id'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(81) }, 'name'],
    [{ country: 'US' }, 'country'],
    [{ accountId: 'a1' }, 'account-id'],
    [{ accountId: '../x', marketplace: 'ebay' }, 'account-id'],
    [{ contracts: [contract] }, 'contracts'],
    [{ marketplace: 'manomano', contracts: [] }, 'contracts'],
    [{ marketplace: 'manomano', contracts: [contract, contract] }, 'contracts'],
    [{ marketplace: 'manomano', contracts: [{ ...contract, contractId: 'x' }] }, 'contracts'],
    [{ marketplace: 'manomano', contracts: [{ ...contract, country: 'US' }] }, 'contracts'],
    [{ ordersFrom: '2026-11-23T10:00:00.001Z' }, 'orders-from'],
    [{ ordersFrom: 'yesterday' }, 'orders-from'],
  ] satisfies [Partial<ChannelToOpen>, string][])('with %j is refused for its %s', async (wrong, fault) => {
    expect(await openChannel(world, { ...wanted, ...wrong }, signIn)).toEqual({
      outcome: 'invalid',
      faults: [fault],
    });
    expect(world.probe.asked).toEqual([]);
  });
});
