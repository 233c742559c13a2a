import { beforeEach, describe, expect, test } from 'vitest';
import { RejectedError, UnavailableError } from '../../shared/domain/errors.ts';
import type { OrderPullJob } from '../../shared/usecases/pull-orders.ts';
import { AMAZON_SECRETS, ChannelWorld } from '../../tests/support/channel-world.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { aPage, aRemoteOrder, ScriptedSource } from '../../tests/support/order-pages.ts';
import { CommandFailure, HELP, runCommand } from './commands.ts';

let world: ChannelWorld;
let source: ScriptedSource;
let queue: MemoryJobQueue<OrderPullJob>;
let connected: unknown[];
beforeEach(() => {
  world = new ChannelWorld();
  source = new ScriptedSource([]);
  queue = new MemoryJobQueue();
  connected = [];
});

const settings = { STATE_TABLE_NAME: 'state', CREDENTIALS_PREFIX: '/markeplay/demo/credentials' };
const signIn = { LWA_CLIENT_ID: 'client', LWA_CLIENT_SECRET: 'SECRET', LWA_REFRESH_TOKEN: 'REFRESH' };
const run = (line: string, env: NodeJS.ProcessEnv = { ...settings, ...signIn }) => {
  const searched = { source, search: { operation: 'orders', plan: { ratePerSecond: 1, burst: 20 } } };
  return runCommand(line === '' ? [] : line.split(' '), {
    env,
    clock: world.clock,
    sites: world.sites,
    probings: world.probings,
    stateIn: (stateTable) => {
      connected.push(stateTable);
      return { ...world, orders: new MemoryOrderStore() };
    },
    credentialsUnder: (prefix, kmsKeyId) => {
      connected.push(prefix, kmsKeyId);
      return world.credentials;
    },
    sourcesWith: () => ({ amazon: searched, ebay: searched, manomano: searched }),
    queueAt: (url) => {
      connected.push(url);
      return queue;
    },
  });
};
const failure = async (line: string, env?: NodeJS.ProcessEnv): Promise<CommandFailure> => {
  const error = await run(line, env).catch((failed: unknown) => failed);
  if (error instanceof CommandFailure) return error;
  throw new Error(`no command failure: ${error}`);
};
const OPEN = 'open --id amazon-it --account A1EXAMPLE --country IT';

describe('open', () => {
  test('opens the channel of a country with its site and time zone, a month back, and says that its sync is off', async () => {
    const printed = await run(OPEN);
    expect(await world.channels.getChannel('amazon-it')).toEqual({
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
    expect(await world.credentials.getCredentials('amazon', 'A1EXAMPLE')).toEqual({
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
    expect(await world.channels.getChannel('amazon-uk')).toMatchObject({
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
    expect(await world.channels.getChannel('amazon-it')).toMatchObject({
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
    expect(await world.credentials.getCredentials('amazon', 'A1EXAMPLE')).toBeUndefined();
  });

  test.each([
    ['open --id Amazon_IT --account A1EXAMPLE --country IT', '--id'],
    ['open --id amazon-it --country IT', '--account'],
    ['open --id amazon-it --account a1 --country IT', '--account'],
    ['open --id amazon-it --account A1EXAMPLE', '--country'],
    ['open --id amazon-it --account A1EXAMPLE --country US', 'US'],
    ['open --marketplace etsy --account A1EXAMPLE --country IT', '--marketplace'],
    ['open --marketplace manomano --account shop --country IT --contract seven', '--contract'],
    ['open --marketplace manomano --account shop --country IT', 'contratti'],
    [`${OPEN} --contract 70001:IT:SELF`, 'contratti'],
    [`${OPEN} --client-secret-issued 2027-01-01`, '--client-secret-issued'],
    [`${OPEN} --orders-from yesterday`, '--orders-from'],
    [`${OPEN} --orders-from 2027-01-01`, '--orders-from'],
    [`${OPEN} --secret x`, '--secret'],
  ])('%s is a wrong command that names %s', async (line, named) => {
    const wrong = await failure(line);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.message).toContain(named);
    expect(await world.channels.listChannels()).toEqual([]);
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
    expect((await world.channels.listChannels()).map(({ ordersSync }) => ordersSync)).toEqual([true, true]);
    await run('sync off --id amazon-it');
    expect((await world.channels.listChannels()).map(({ ordersSync }) => ordersSync)).toEqual([true, false]);
  });

  test('of an unknown channel is refused and changes nothing', async () => {
    await run(OPEN);
    const refused = await failure('sync on --id amazon-it --id amazon-xx');
    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.message).toContain('amazon-xx');
    expect((await world.channels.getChannel('amazon-it'))?.ordersSync).toBe(false);
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

describe('open at the other marketplaces', () => {
  test('derives the id and tests the credentials before anything is stored', async () => {
    const printed = await run('open --marketplace ebay --account shop --country IT', {
      ...settings,
      EBAY_APP_ID: 'app',
      EBAY_CERT_ID: 'CERT',
      EBAY_RU_NAME: 'ru',
      EBAY_REFRESH_TOKEN: 'REFRESH',
    });
    expect(await world.channels.getChannel('ebay-it')).toMatchObject({
      siteIds: ['EBAY_IT'],
      name: 'eBay.it',
    });
    expect(world.probe.asked).toEqual([
      {
        credentials: { appId: 'app', certId: 'CERT', ruName: 'ru', refreshToken: 'REFRESH' },
        siteIds: ['EBAY_IT'],
      },
    ]);
    expect(printed).not.toMatch(/CERT|REFRESH/);
  });

  test('takes ManoMano’s contracts as its sites', async () => {
    await run(
      'open --marketplace manomano --account shop --country IT --contract 70001:IT:SELF --contract 70002:it:MMF',
      { ...settings, MANOMANO_API_KEY: 'KEY' },
    );
    expect(await world.channels.getChannel('manomano-it')).toMatchObject({
      siteIds: ['70001', '70002'],
      contracts: [
        { contractId: '70001', country: 'IT', deliveryType: 'SELF' },
        { contractId: '70002', country: 'IT', deliveryType: 'MMF' },
      ],
    });
  });

  test('with half of a signing key is refused and names the other half', async () => {
    const refused = await failure('open --marketplace ebay --account shop --country IT', {
      ...settings,
      EBAY_APP_ID: 'app',
      EBAY_CERT_ID: 'cert',
      EBAY_RU_NAME: 'ru',
      EBAY_REFRESH_TOKEN: 'r',
      EBAY_SIGNING_KEY_JWE: 'jwe',
    });
    expect(refused.message).toContain('signingPrivateKey');
    expect(await world.channels.listChannels()).toEqual([]);
  });

  test('with credentials that the marketplace refuses opens nothing and says what to do', async () => {
    world.probe.answer = new RejectedError('amazon', 'amazon sign-in: invalid_grant', { status: 401 });
    const refused = await failure(OPEN);
    expect(refused.exitCode).toBe(1);
    expect(refused.message).toContain('autorizza di nuovo');
    expect(refused.message).not.toMatch(/SECRET|REFRESH|invalid_grant/);
    expect(await world.channels.listChannels()).toEqual([]);
  });

  test('while the marketplace is silent opens nothing, unless told to store without a test', async () => {
    world.probe.answer = new UnavailableError('amazon', 'amazon: nothing');
    expect((await failure(OPEN)).message).toContain('non è stato cambiato nulla');
    await run(`${OPEN} --store-untested`);
    expect(await world.channels.listChannels()).toHaveLength(1);
  });
});

describe('sync of other things', () => {
  test('switches only what is named', async () => {
    await run(OPEN);
    expect(await run('sync on --id amazon-it --what tracking')).toContain('Tracking');
    expect(await world.channels.getChannel('amazon-it')).toMatchObject({
      trackingSync: true,
      ordersSync: false,
    });
  });

  test('of something nobody knows is a wrong command', async () => {
    expect((await failure('sync on --id amazon-it --what prices')).exitCode).toBe(2);
  });
});

describe('show', () => {
  test('shows how the channel stands, in both languages, without secrets', async () => {
    await run(OPEN);
    const printed = await run('show --id amazon-it');
    expect(printed).toContain('funziona — working');
    expect(printed).toContain('spenta finché non la accendi');
    expect(printed).toContain('off until you switch it on');
    expect(printed).toContain('client secret');
    const json = await run('show --id amazon-it --json');
    expect(JSON.parse(json)).toMatchObject({ switches: { orders: false }, account: { state: 'working' } });
    expect(printed + json).not.toMatch(/SECRET|REFRESH/);
  });

  test('of an unknown channel is refused', async () => {
    expect((await failure('show --id amazon-xx')).message).toContain('non esiste');
  });
});

describe('change and archive', () => {
  test('change what was named', async () => {
    await run(OPEN);
    await run('change --id amazon-it --name Negozio');
    expect((await world.channels.getChannel('amazon-it'))?.name).toBe('Negozio');
  });

  test.each(['change --id amazon-it', 'change --name x', 'archive'])(
    '%s is a wrong command',
    async (line) => {
      await run(OPEN);
      expect((await failure(line)).exitCode).toBe(2);
    },
  );

  test('archiving frees the site for another channel', async () => {
    await run(OPEN);
    await run('archive --id amazon-it');
    await run('open --id second --account A1EXAMPLE --country IT');
    expect((await failure('change --id amazon-it --name x')).message).toContain('archiviato');
    expect((await failure('sync on --id amazon-it')).exitCode).toBe(1);
    expect(await run('list')).toContain('archiviato');
  });
});

describe('credentials', () => {
  test('replaces an account’s credentials after a test, and says what was found', async () => {
    await run(OPEN);
    world.probe.answer = { shopName: 'Shop One', missing: ['Inventory and Order Tracking'] };
    const printed = await run('credentials --account A1EXAMPLE --client-secret-issued 2026-11-01', {
      ...settings,
      ...signIn,
      LWA_CLIENT_SECRET: 'NEWER',
    });
    expect(await world.credentials.getCredentials('amazon', 'A1EXAMPLE')).toEqual({
      ...AMAZON_SECRETS,
      clientSecret: 'NEWER',
    });
    for (const told of ['Shop One', 'Inventory and Order Tracking', 'funzionano']) {
      expect(printed).toContain(told);
    }
    expect(printed).not.toContain('NEWER');
    expect(await world.accounts.getAccount('amazon', 'A1EXAMPLE')).toMatchObject({
      expiries: [{ what: 'client-secret', at: '2027-04-30T00:00:00.000Z' }],
    });
  });

  test('without any in the environment is a wrong environment', async () => {
    expect(await failure('credentials --account A1EXAMPLE', settings)).toMatchObject({ exitCode: 2 });
  });
});

describe('test', () => {
  test('tries what is stored', async () => {
    await run(OPEN);
    expect(await run('test --account A1EXAMPLE')).toContain('funziona — working');
  });

  test('of refused credentials is refused, and of none too', async () => {
    await run(OPEN);
    world.probe.answer = new RejectedError('amazon', 'x', { status: 403 });
    expect((await failure('test --account A1EXAMPLE')).message).toContain('ruoli');
    expect((await failure('test --account A9NOBODY')).exitCode).toBe(1);
  });
});

describe('dry-run', () => {
  test('says what would come in', async () => {
    await run(OPEN);
    source = new ScriptedSource([[undefined, aPage([aRemoteOrder(1), aRemoteOrder(2)])]]);
    const printed = await run('dry-run --id amazon-it');
    expect(printed).toContain('2 ordini, 0 già presenti, 0 senza dati personali.');
    expect(printed).toContain('2 orders');
  });

  test('of a marketplace that does not answer is refused', async () => {
    await run(OPEN);
    source = new ScriptedSource([[undefined, new UnavailableError('amazon', 'x')]]);
    expect((await failure('dry-run --id amazon-it')).exitCode).toBe(1);
  });
});

describe('pull and backfill', () => {
  const env = { ...settings, ...signIn, AMAZON_ORDER_PULL_QUEUE_URL: 'https://queue.example/amazon' };

  test('ask for a pull of the channel’s account', async () => {
    await run(OPEN);
    await run('sync on --id amazon-it');
    await run('pull --id amazon-it', env);
    await run('backfill --id amazon-it --from 2026-10-01 --until 2026-10-02', env);
    expect(connected).toContain('https://queue.example/amazon');
    expect(queue.sent.map(({ job }) => job.reason)).toEqual(['sync-now', 'backfill']);
  });

  test('ask for nothing while the sync is off, and say so', async () => {
    await run(OPEN);
    expect((await failure('pull --id amazon-it', env)).message).toContain('spenta finché');
    expect(queue.sent).toEqual([]);
  });

  test.each([
    ['pull --id amazon-it', settings, 'AMAZON_ORDER_PULL_QUEUE_URL'],
    ['backfill --id amazon-it --from 2026-10-01 --until 2099-01-01', env, '--until'],
    ['backfill --id amazon-it --from 2026-10-01', env, '--until'],
  ])('%s is wrong and says why', async (line, given, named) => {
    await run(OPEN);
    await run('sync on --id amazon-it');
    const wrong = await failure(line, given);
    expect(wrong).toMatchObject({ exitCode: 2 });
    expect(wrong.message).toContain(named);
  });

  test('of an unknown channel is refused', async () => {
    expect((await failure('pull --id amazon-xx', env)).message).toContain('non esiste');
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
