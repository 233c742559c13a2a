import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryCredentialStore } from '../../tests/support/memory/credential-store.ts';
import type { Channel } from '../domain/channel.ts';
import { openChannel, switchOrdersSync } from './open-channel.ts';

const wanted: Omit<Channel, 'ordersSync' | 'ordersWatermark'> = {
  channelId: 'amazon-it',
  name: 'Amazon.it',
  marketplace: 'amazon',
  accountId: 'A1EXAMPLE',
  siteIds: ['APJ6JRA9NG5V4'],
  country: 'IT',
  timeZone: 'Europe/Rome',
  ordersFrom: '2026-10-24T10:00:00.000Z',
};
const signIn = { clientId: 'c', clientSecret: 's', refreshToken: 'r' };

let channels: MemoryChannelStore;
let credentials: MemoryCredentialStore;
beforeEach(() => {
  channels = new MemoryChannelStore();
  credentials = new MemoryCredentialStore();
});

describe('opening a channel', () => {
  test('stores its credentials and leaves its order sync off', async () => {
    const opened = await openChannel({ channels, credentials }, wanted, signIn);
    expect(opened).toEqual({ outcome: 'opened', channel: { ...wanted, ordersSync: false } });
    expect(await channels.getChannel('amazon-it')).toEqual({ ...wanted, ordersSync: false });
    expect(await credentials.getCredentials('amazon', 'A1EXAMPLE')).toEqual(signIn);
  });

  test('with an id that is taken changes nothing, the credentials included', async () => {
    await openChannel({ channels, credentials }, wanted, signIn);
    const again = await openChannel(
      { channels, credentials },
      { ...wanted, siteIds: ['A1PA6795UKMFR9'] },
      { ...signIn, refreshToken: 'other' },
    );
    expect(again).toEqual({ outcome: 'id-taken' });
    expect(await credentials.getCredentials('amazon', 'A1EXAMPLE')).toEqual(signIn);
  });

  test('on a site another channel of the account covers is refused', async () => {
    await openChannel({ channels, credentials }, wanted, signIn);
    const second = { ...wanted, channelId: 'amazon-it-2' };
    expect(await openChannel({ channels, credentials }, second, signIn)).toEqual({
      outcome: 'site-taken',
      siteId: 'APJ6JRA9NG5V4',
      by: 'amazon-it',
    });
    const otherAccount = { ...second, accountId: 'A2EXAMPLE' };
    expect((await openChannel({ channels, credentials }, otherAccount, signIn)).outcome).toBe('opened');
  });

  test('of an account that can sign in already needs no credentials again', async () => {
    await openChannel({ channels, credentials }, wanted, signIn);
    const german = { ...wanted, channelId: 'amazon-de', siteIds: ['A1PA6795UKMFR9'] };
    expect((await openChannel({ channels, credentials }, german, undefined)).outcome).toBe('opened');
  });

  test('of an account that cannot sign in is refused, and there is no channel', async () => {
    expect(await openChannel({ channels, credentials }, wanted, undefined)).toEqual({
      outcome: 'no-credentials',
    });
    expect(await channels.listChannels()).toEqual([]);
  });
});

describe('switching order sync', () => {
  test('switches every channel named', async () => {
    await openChannel({ channels, credentials }, wanted, signIn);
    expect(await switchOrdersSync(channels, ['amazon-it'], true)).toEqual([]);
    expect((await channels.getChannel('amazon-it'))?.ordersSync).toBe(true);
  });

  test('with one unknown id switches none', async () => {
    await openChannel({ channels, credentials }, wanted, signIn);
    expect(await switchOrdersSync(channels, ['amazon-it', 'amazon-xx'], true)).toEqual(['amazon-xx']);
    expect((await channels.getChannel('amazon-it'))?.ordersSync).toBe(false);
  });
});
