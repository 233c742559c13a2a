import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { MARKETPLACES } from '../../domain/order.ts';
import { BUYER_KINDS, DESTINATIONS, DOCUMENTS } from '../../domain/receipt-rules.ts';
import type { ReceiptSettings } from '../../domain/receipt-settings.ts';
import type { ReceiptSettingsStore } from '../../ports/receipt-settings-store.ts';
import { putOnVersion } from './conditional.ts';
import { readItem } from './read-items.ts';
import { keys } from './table.ts';

const settingsSchema = z.object({
  seller: z.object({
    legalName: z.string(),
    addressLines: z.array(z.string()),
    postalCode: z.string(),
    city: z.string(),
    province: z.string().optional(),
    country: z.string(),
    vatNumber: z.string(),
    taxCode: z.string().optional(),
    rea: z.string().optional(),
    shareCapital: z.string().optional(),
    email: z.string().optional(),
  }),
  logoKey: z.string().optional(),
  series: z.string(),
  rules: z.array(
    z.object({
      ruleId: z.string(),
      document: z.enum(DOCUMENTS),
      marketplaces: z.array(z.enum(MARKETPLACES)).optional(),
      buyer: z.enum(BUYER_KINDS).optional(),
      destination: z.enum(DESTINATIONS).optional(),
      countries: z.array(z.string()).optional(),
      oneStopShop: z.boolean().optional(),
      invoiceRequested: z.boolean().optional(),
    }),
  ),
  vat: z.object({
    oneStopShop: z.boolean(),
    standardRates: z.record(z.string(), z.int()),
    productRates: z.array(z.object({ sku: z.string(), country: z.string(), rateHundredths: z.int() })),
  }),
  courtesyNotes: z.object({ it: z.string().optional(), en: z.string().optional() }).optional(),
  bitztobe: z.object({ baseUrl: z.string(), issuerAccountId: z.string() }).optional(),
  version: z.int().min(1),
});

/** One item of the state table. */
export function createReceiptSettingsStore(client: DynamoDBClient, tableName: string): ReceiptSettingsStore {
  return {
    async getSettings(): Promise<ReceiptSettings | undefined> {
      const item = await readItem(client, tableName, keys.receiptSettings);
      if (item === undefined) return undefined;
      const parsed = settingsSchema.safeParse(unmarshall(item));
      if (parsed.success) return parsed.data;
      throw new UnexpectedAnswerError('dynamodb', 'stored receipt settings are not in our format', {
        cause: parsed.error,
      });
    },

    putSettings: async (settings, expectedVersion) =>
      (await putOnVersion(client, tableName, { ...keys.receiptSettings, ...settings }, expectedVersion))
        ? 'stored'
        : 'conflict',
  };
}
