import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

const samplesFolder = join(import.meta.dirname, 'samples');
const contracts = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => name.replace(/\.ts$/, ''));

/** The contract's own schema: the file's name in camel case. */
async function schemaOf(contract: string): Promise<z.ZodType> {
  const exported: Record<string, unknown> = await import(join(import.meta.dirname, `${contract}.ts`));
  const name = `${contract.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Schema`;
  const schema = exported[name];
  if (!(schema instanceof z.ZodType)) throw new Error(`events/${contract}.ts exports no ${name}`);
  return schema;
}

describe('every event contract', () => {
  test.each(contracts)('%s has samples, and all of them parse', async (contract) => {
    const schema = await schemaOf(contract);
    const samples: unknown = JSON.parse(readFileSync(join(samplesFolder, `${contract}.json`), 'utf8'));
    const list = z.array(z.unknown()).min(1).parse(samples);
    for (const sample of list) expect(schema.safeParse(sample).error?.issues ?? []).toEqual([]);
  });

  test.each(contracts)('%s refuses a message that is something else', async (contract) => {
    const schema = await schemaOf(contract);
    for (const wrong of [null, [], 'text', {}, { type: 'something-else', version: 1 }]) {
      expect(schema.safeParse(wrong).success).toBe(false);
    }
  });

  test('every sample belongs to a contract', () => {
    const samples = readdirSync(samplesFolder).map((name) => name.replace(/\.json$/, ''));
    expect(samples.filter((name) => !contracts.includes(name))).toEqual([]);
  });
});
