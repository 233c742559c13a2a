import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StartFailure } from '../../start-failure.ts';
import { demoFoundSettlement } from './demo-settlement.ts';
import { DEMO_ACCOUNT, DEMO_SITES, demoCustomisations, demoOrders } from './demo-shop.ts';
import { type AmazonStandIn, createAmazonStandIn } from './stand-in.ts';

const keptSchema = z.strictObject({ beganAtMs: z.int().positive() });

/**
 * Amazon with the demonstration's orders in it. Their dates are counted from the first start, which a data folder
 * remembers: at the next start they are the same orders, not changed ones.
 */
export async function createDemoPartner(
  dataDir: string | undefined,
): Promise<{ amazon: AmazonStandIn; beganAtMs: number }> {
  const beganAtMs = await beganAt(dataDir);
  return {
    beganAtMs,
    amazon: createAmazonStandIn({
      account: DEMO_ACCOUNT,
      marketplaceIds: Object.values(DEMO_SITES).map(({ marketplaceId }) => marketplaceId),
      personalData: true,
      orders: demoOrders(beganAtMs),
      reports: [demoFoundSettlement(beganAtMs)],
      customisations: demoCustomisations(beganAtMs),
      now: () => Date.now(),
    }),
  };
}

async function beganAt(dataDir: string | undefined): Promise<number> {
  if (dataDir === undefined) return Date.now();
  const file = join(dataDir, 'demonstration.json');
  try {
    return keptSchema.parse(JSON.parse(await readFile(file, 'utf8'))).beganAtMs;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) {
      throw new StartFailure(
        `${file} non è leggibile: cancellare la cartella o indicarne un'altra con --data.\n` +
          `${file} cannot be read: delete the folder or name another one with --data.`,
        { cause },
      );
    }
  }
  const beganAtMs = Date.now();
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, JSON.stringify({ beganAtMs }));
  return beganAtMs;
}
