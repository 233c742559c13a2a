import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { StartFailure } from './start-failure.ts';

/** The repository's own command-line programs are run the way a person runs them. */
const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

/** Amounts are decimal strings, or null where there is none yet. */
const orderSchema = z.looseObject({
  channel: z.string(),
  marketplace: z.string(),
  marketplaceOrderId: z.string(),
  total: z.string().nullable(),
  currency: z.string().nullable(),
  fee: z.string().nullable(),
  settlement: z.string(),
});
export type ShownOrder = z.infer<typeof orderSchema>;

const bucketSchema = z.looseObject({ rows: z.number(), amount: z.string() });
const importedSchema = z.looseObject({
  file: z.string(),
  outcome: z.string(),
  format: z.string(),
  currency: z.string(),
  rows: z.number(),
  control: z.looseObject({
    stated: z.string().nullable(),
    computed: z.string(),
    balanced: z.boolean().nullable(),
  }),
  buckets: z.record(z.string(), bucketSchema),
  rejected: z.array(z.looseObject({ line: z.number(), reason: z.string() })),
});
/** Any upload: imported (then with sums), refused (then with words), or still being read. */
const reportSchema = z.looseObject({ file: z.string(), outcome: z.string(), refused: z.string().optional() });
export type ShownReport = z.infer<typeof reportSchema>;
export type ImportedReport = z.infer<typeof importedSchema>;

export function isImported(report: ShownReport): report is ImportedReport {
  return importedSchema.safeParse(report).success;
}

const stateSchema = z.looseObject({ orders: z.array(orderSchema), reports: z.array(reportSchema) });
export type ShownState = z.infer<typeof stateSchema>;

/** What the stack knows now, as the project's own program reads it from the tables and the bucket. */
export async function readState(environment: Readonly<Record<string, string>>): Promise<ShownState> {
  const output = await runProgram(['functions/show-state/cli.ts', '--json'], environment);
  return stateSchema.parse(JSON.parse(output));
}

/**
 * Runs one of the repository's programs and answers what it printed. A program that fails fails the caller, with its own words.
 * @param environment endpoints, credentials and names of the stack
 */
export async function runProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd: REPOSITORY,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  if (code !== 0) {
    throw new StartFailure(
      `${args[0]} è fallito (codice ${code}).\n${args[0]} failed (code ${code}):\n${(errors || output).trim()}`,
    );
  }
  return output;
}
