import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { z } from 'zod';
import { runProgram } from './facts.ts';
import type { LocalStack } from './main.ts';
import { DEMO_SETTLEMENT_ID, demoSettlement } from './partners/amazon/demo-settlement.ts';
import { DEMO_ACCOUNT, DEMO_SITES } from './partners/amazon/demo-shop.ts';
import { DEMO_EBAY, DEMO_EBAY_SIGNING } from './partners/ebay/demo-shop.ts';
import { DEMO_CONTRACTS, DEMO_MANOMANO } from './partners/manomano/demo-shop.ts';
import { StartFailure } from './start-failure.ts';

/** The channel whose folder the demonstration's payment file is put into. */
export const REPORT_CHANNEL = 'amazon-it';
/** A failed invocation ends the wait at once; this is for a large file on a slow machine. */
const SETTLE_DEADLINE_MS = 600_000;
const LOOK_EVERY_MS = 25;

const channelsSchema = z.array(z.looseObject({ channelId: z.string() }));

interface DemoChannel {
  readonly channelId: string;
  /** What the operator types to open it. */
  readonly open: readonly string[];
  /** The account's credentials, in the variables the command reads them from. */
  readonly credentials: Readonly<Record<string, string>>;
}

const DEMO_CHANNELS: readonly DemoChannel[] = [
  ...Object.keys(DEMO_SITES).map((country) => ({
    channelId: `amazon-${country}`,
    open: ['--account', DEMO_ACCOUNT.sellerId, '--country', country.toUpperCase()],
    credentials: {
      LWA_CLIENT_ID: DEMO_ACCOUNT.clientId,
      LWA_CLIENT_SECRET: DEMO_ACCOUNT.clientSecret,
      LWA_REFRESH_TOKEN: DEMO_ACCOUNT.refreshToken,
    },
  })),
  {
    channelId: 'ebay-it',
    open: ['--marketplace', 'ebay', '--account', DEMO_EBAY.userId, '--country', 'IT'],
    credentials: {
      EBAY_APP_ID: DEMO_EBAY.appId,
      EBAY_CERT_ID: DEMO_EBAY.certId,
      EBAY_RU_NAME: DEMO_EBAY.ruName,
      EBAY_REFRESH_TOKEN: DEMO_EBAY.refreshToken,
      EBAY_SIGNING_KEY_JWE: DEMO_EBAY_SIGNING.signingKeyJwe,
      EBAY_SIGNING_PRIVATE_KEY: DEMO_EBAY_SIGNING.signingPrivateKey,
    },
  },
  {
    channelId: 'manomano-it',
    open: [
      ...['--marketplace', 'manomano', '--account', DEMO_MANOMANO.accountId, '--country', 'IT'],
      ...Object.values(DEMO_CONTRACTS)
        .filter(({ country }) => country === 'IT')
        .flatMap(({ contractId, country, deliveryType }) => [
          '--contract',
          `${contractId}:${country}:${deliveryType}`,
        ]),
    ],
    credentials: { MANOMANO_API_KEY: DEMO_MANOMANO.apiKey },
  },
];

/**
 * Opens the invented shop's channels on three marketplaces, as an operator does, and switches their sync of orders and of tracking on. Open
 * ones stay as they are. An account's channels are opened one after the other: the first one brings the credentials.
 */
export async function openDemoChannels(stack: LocalStack): Promise<void> {
  const channels = (
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string> =>
    runProgram(['functions/open-channel/cli.ts', ...args], { ...stack.environment, ...environment });

  const known = channelsSchema.parse(JSON.parse(await channels(['list', '--json'])));
  const missing = DEMO_CHANNELS.filter(
    ({ channelId }) => !known.some((channel) => channel.channelId === channelId),
  );
  if (missing.length === 0) return;
  const kmsKey = { CREDENTIALS_KEY_ID: stack.environment.CREDENTIALS_KEY_ALIAS ?? '' };
  const byMarketplace = Map.groupBy(missing, ({ channelId }) => channelId.split('-')[0]);
  await Promise.all(
    [...byMarketplace.values()].map(async ([first, ...others]) => {
      if (first === undefined) return;
      await channels(['open', '--id', first.channelId, ...first.open], { ...kmsKey, ...first.credentials });
      await Promise.all(
        others.map(({ channelId, open }) => channels(['open', '--id', channelId, ...open], kmsKey)),
      );
    }),
  );
  const ids = missing.flatMap(({ channelId }) => ['--id', channelId]);
  await channels(['sync', 'on', ...ids]);
  await channels(['sync', 'on', '--what', 'tracking', ...ids]);
}

/** Starts the schedules and waits until what their first calls led to is done: the orders of three marketplaces are in the tables. */
export async function pullOrders(stack: LocalStack, signal?: AbortSignal): Promise<void> {
  const called = stack.trace.waitFor(
    'the first call of the order schedule',
    ({ what, of }) => what === 'schedule-due' && String(of.schedule).endsWith('plan-order-pulls'),
    SETTLE_DEADLINE_MS,
  );
  stack.startSchedules();
  await called;
  await untilSettled(stack, 'Ordini · Orders', signal);
}

/** Puts a payment file, or the demonstration's own, into the report bucket with an ordinary S3 client. */
export async function uploadReport(stack: LocalStack, file: string | undefined): Promise<string> {
  const name = file === undefined ? `demo-settlement-${DEMO_SETTLEMENT_ID}.txt` : basename(file);
  const body: Readable | string =
    file === undefined ? demoSettlement(stack.demoBeganAtMs) : createReadStream(file);
  const key = `payment-reports/${REPORT_CHANNEL}/${name}`;
  const s3 = new S3Client({
    endpoint: stack.endpoints.s3,
    region: stack.model.region,
    credentials: { accessKeyId: 'LOCALPERSON', secretAccessKey: 'local' },
  });
  try {
    await new Upload({
      client: s3,
      params: { Bucket: stack.environment.REPORT_BUCKET_NAME, Key: key, Body: body },
    }).done();
  } finally {
    s3.destroy();
  }
  return key;
}

/** Fails, in words, when there is no such file. */
export async function checkReportFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    throw new StartFailure(`Il file ${file} non esiste.\nThere is no file ${file}.`);
  }
}

/** Waits until nothing is on its way any more; fails as soon as an invocation fails, and at the deadline. */
export async function untilSettled(stack: LocalStack, what: string, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + SETTLE_DEADLINE_MS;
  let failure: string | undefined;
  const unsubscribe = stack.trace.subscribe(({ what: happened, of }) => {
    const failed =
      happened === 'message-failed' || (happened === 'invocation-ended' && of.status === 'failed');
    if (failed)
      failure ??= `${of.function} (${of.errorType ?? 'messaggio non riuscito · message not handled'})`;
  });
  try {
    while (stack.busy()) {
      signal?.throwIfAborted();
      if (failure !== undefined || performance.now() > deadline) {
        throw new StartFailure(
          `${what}: non riuscito · failed: ${failure ?? `nulla entro · nothing within ${SETTLE_DEADLINE_MS / 1000} s`}.\n` +
            `Registri e cronologia · logs and trace: ${stack.logFolder}`,
        );
      }
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    unsubscribe();
  }
}
