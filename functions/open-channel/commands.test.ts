import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryCredentialStore } from '../../tests/support/memory/credential-store.ts';
import { CommandFailure, HELP, runCommand } from './commands.ts';

let channels: MemoryChannelStore;
let credentials: MemoryCredentialStore;
let connected: unknown[];
beforeEach(() => {
  channels = new MemoryChannelStore();
  credentials = new MemoryCredentialStore();
  connected = [];
});

const settings = { STATE_TABLE_NAME: 'state', CREDENTIALS_PREFIX: '/markeplay/demo/credentials' };
const signIn = { LWA_CLIENT_ID: 'client', LWA_CLIENT_SECRET: 'SECRET', LWA_REFRESH_TOKEN: 'REFRESH' };
const run = (line: string, env: NodeJS.ProcessEnv = { ...settings, ...signIn }) =>
  runCommand(line === '' ? [] : line.split(' '), {
    env,
    channelsIn: (stateTable) => {
      connected.push(stateTable);
      return channels;
    },
    credentialsUnder: (prefix, kmsKeyId) => {
      connected.push(prefix, kmsKeyId);
      return credentials;
    },
    nowMs: Date.parse('2026-11-23T10:00:00Z'),
  });
const failure = async (line: string, env?: NodeJS.ProcessEnv): Promise<CommandFailure> => {
  const error = await run(line, env).catch((failed: unknown) => failed);
  if (error instanceof CommandFailure) return error;
  throw new Error(`no command failure: ${error}`);
};
const OPEN = 'open --id amazon-it --account A1EXAMPLE --country IT';

describe('open', () => {
  test('opens the channel of a country with its site and time zone, a month back, and says that its sync is off', async () => {
    const printed = await run(OPEN);
    expect(await channels.getChannel('amazon-it')).toEqual({
      channelId: 'amazon-it',
      name: 'Amazon.it',
      marketplace: 'amazon',
      accountId: 'A1EXAMPLE',
      siteIds: ['APJ6JRA9NG5V4'],
      country: 'IT',
      timeZone: 'Europe/Rome',
      ordersSync: false,
      ordersFrom: '2026-10-24T10:00:00.000Z',
    });
    expect(await credentials.getCredentials('amazon', 'A1EXAMPLE')).toEqual({
      clientId: 'client',
      clientSecret: 'SECRET',
      refreshToken: 'REFRESH',
    });
    expect(printed).toContain('SPENTA');
    expect(printed).toContain('OFF');
    expect(printed).not.toMatch(/SECRET|REFRESH/);
  });

  test.each(['UK', 'uk', 'GB'])('takes the United Kingdom as %s', async (country) => {
    await run(`open --id amazon-uk --account A1EXAMPLE --country ${country}`);
    expect(await channels.getChannel('amazon-uk')).toMatchObject({
      country: 'GB',
      siteIds: ['A1F83G8C2ARO7P'],
      timeZone: 'Europe/London',
    });
  });

  test('takes flags before the environment', async () => {
    await run(
      `${OPEN} --state-table other --credentials-prefix /p --kms-key alias/k --name Shop --orders-from 2026-01-01`,
    );
    expect(connected).toEqual(['other', '/p', 'alias/k']);
    expect(await channels.getChannel('amazon-it')).toMatchObject({
      name: 'Shop',
      ordersFrom: '2026-01-01T00:00:00.000Z',
    });
  });

  test('of an id that is taken is refused', async () => {
    await run(OPEN);
    expect(await failure(OPEN)).toMatchObject({ exitCode: 1 });
  });

  test('of a site that is taken is refused, naming the channel that has it', async () => {
    await run(OPEN);
    const refused = await failure('open --id second --account A1EXAMPLE --country IT');
    expect(refused.exitCode).toBe(1);
    expect(refused.message).toContain('amazon-it');
  });

  test('without any credentials is refused, saying what to set', async () => {
    const refused = await failure(OPEN, settings);
    expect(refused.exitCode).toBe(1);
    expect(refused.message).toContain('LWA_REFRESH_TOKEN');
  });

  test('with some of the credentials only names what is missing and stores nothing', async () => {
    const refused = await failure(OPEN, { ...settings, LWA_CLIENT_ID: 'client' });
    expect(refused).toMatchObject({
      exitCode: 2,
      message: 'missing or wrong in the environment: LWA_CLIENT_SECRET, LWA_REFRESH_TOKEN',
    });
    expect(await credentials.getCredentials('amazon', 'A1EXAMPLE')).toBeUndefined();
  });

  test.each([
    ['open --account A1EXAMPLE --country IT', '--id'],
    ['open --id Amazon_IT --account A1EXAMPLE --country IT', '--id'],
    ['open --id amazon-it --country IT', '--account'],
    ['open --id amazon-it --account a1 --country IT', '--account'],
    ['open --id amazon-it --account A1EXAMPLE', '--country'],
    ['open --id amazon-it --account A1EXAMPLE --country US', 'US'],
    [`${OPEN} --orders-from yesterday`, '--orders-from'],
    [`${OPEN} --orders-from 2027-01-01`, '--orders-from'],
    [`${OPEN} --secret x`, '--secret'],
  ])('%s is a wrong command that names %s', async (line, named) => {
    const wrong = await failure(line);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.message).toContain(named);
    expect(await channels.listChannels()).toEqual([]);
  });

  test('without a table in flags or environment is a wrong environment', async () => {
    expect(await failure(OPEN, signIn)).toMatchObject({
      exitCode: 2,
      message: 'missing or wrong in the environment: STATE_TABLE_NAME, CREDENTIALS_PREFIX',
    });
  });
});

describe('sync', () => {
  test('switches several channels at once, on and off', async () => {
    await run(OPEN);
    await run('open --id amazon-de --account A1EXAMPLE --country DE');
    expect(await run('sync on --id amazon-it --id amazon-de')).toContain('amazon-de');
    expect((await channels.listChannels()).map(({ ordersSync }) => ordersSync)).toEqual([true, true]);
    await run('sync off --id amazon-it');
    expect((await channels.listChannels()).map(({ ordersSync }) => ordersSync)).toEqual([true, false]);
  });

  test('of an unknown channel is refused and changes nothing', async () => {
    await run(OPEN);
    const refused = await failure('sync on --id amazon-it --id amazon-xx');
    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.message).toContain('amazon-xx');
    expect((await channels.getChannel('amazon-it'))?.ordersSync).toBe(false);
  });

  test.each([
    'sync',
    'sync --id amazon-it',
    'sync maybe --id amazon-it',
    'sync on',
    'sync on off --id amazon-it',
  ])('%s is a wrong command', async (line) => {
    expect((await failure(line)).exitCode).toBe(2);
  });
});

describe('list', () => {
  test('shows a table for people and JSON for programs', async () => {
    await run(OPEN);
    const table = await run('list');
    for (const cell of ['amazon-it', 'A1EXAMPLE', 'OFF']) expect(table).toContain(cell);
    expect(JSON.parse(await run('list --json'))).toMatchObject([
      { channelId: 'amazon-it', ordersSync: false },
    ]);
  });

  test('of no channels says how to open one, and is an empty list for programs', async () => {
    expect(await run('list')).toContain('open --help');
    expect(JSON.parse(await run('list --json'))).toEqual([]);
  });
});

test.each(['', '--help', 'open --help', 'sync -h'])(
  '"%s" shows the help and touches nothing',
  async (line) => {
    expect(await run(line, {})).toBe(HELP);
    expect(connected).toEqual([]);
  },
);

test('a command nobody knows is a wrong command', async () => {
  expect((await failure('close --id amazon-it')).exitCode).toBe(2);
});
