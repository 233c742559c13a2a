import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

/** `npm start` as a person runs it: arguments in, text and exit code out, and nothing left behind. */

const MAIN = fileURLToPath(new URL('../../local/main.ts', import.meta.url));
const DEADLINE_MS = 50_000;

const printedSchema = z.looseObject({
  tenant: z.literal('demo'),
  startedMs: z.int().positive(),
  endpoints: z.strictObject({ s3: z.url(), sqs: z.url(), dynamodb: z.url() }),
  orders: z.array(
    z.looseObject({
      channel: z.string(),
      marketplace: z.enum(['amazon', 'ebay', 'manomano']),
      marketplaceOrderId: z.string(),
      total: z.string().nullable(),
      currency: z.string().nullable(),
      fee: z.string().nullable(),
      settlement: z.string(),
    }),
  ),
  reports: z.array(z.looseObject({ file: z.string(), outcome: z.string() })),
  receipts: z.array(z.looseObject({ number: z.string(), gross: z.string() })).min(1),
});

class Run {
  stdout = '';
  stderr = '';
  /** In the environment of what the run starts, to find it again. */
  readonly mark: string = randomUUID();
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], path = process.env.PATH) {
    this.child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, PATH: path, MARK_OF_RUN: this.mark },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** The first match in what has been printed so far, as soon as there is one. */
  async printed(where: 'stdout' | 'stderr', pattern: RegExp): Promise<string> {
    await expect
      .poll(() => pattern.test(this[where]) || this.child.exitCode !== null, { timeout: DEADLINE_MS })
      .toBe(true);
    const match = pattern.exec(this[where]);
    if (match === null) throw new Error(`ended without ${pattern}:\n${this.stdout}\n${this.stderr}`);
    return match[0];
  }

  /** The object that `--json` prints once everything is there. */
  async result(): Promise<z.infer<typeof printedSchema>> {
    return printedSchema.parse(JSON.parse(await this.printed('stdout', /^\{[\s\S]*?^\}$/m)));
  }
}

let runs: Run[] = [];
function run(args: readonly string[], path?: string): Run {
  const started = new Run(args, path);
  runs.push(started);
  return started;
}
afterEach(async () => {
  for (const { child } of runs) child.kill('SIGKILL');
  await Promise.all(runs.map(({ ended }) => ended));
  runs = [];
});

/** Processes whose environment holds one of the texts. Linux tells environments in /proc. */
async function processesWith(...texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (texts.some((text) => environment.includes(text))) {
      found.push(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => pid));
    }
  }
  return found;
}
const nothingLeft = (...texts: readonly string[]) =>
  expect.poll(() => processesWith(...texts), { timeout: 10_000 }).toEqual([]);

it('--help explains itself with examples', async () => {
  const help = run(['--help']);
  expect(await help.ended).toBe(0);
  expect(help.stdout).toContain('npm start --silent -- --once --json');
});

it('an unknown option is one line and a hint', async () => {
  const wrong = run(['--everything']);
  expect(await wrong.ended).toBe(1);
  expect(wrong.stderr).toBe("Unknown option '--everything'\nnpm start -- --help\n");
});

it('a report file that is not there is told before anything starts', async () => {
  const wrong = run(['--report', '/nowhere/pagamenti.txt']);
  expect(await wrong.ended).toBe(1);
  expect(wrong.stderr).toBe(
    'Il file /nowhere/pagamenti.txt non esiste.\nThere is no file /nowhere/pagamenti.txt.\n',
  );
});

it('without Java it says what to install, in both languages', async () => {
  const withoutJava = run(['--once'], dirname(process.execPath));
  expect(await withoutJava.ended).toBe(1);
  expect(withoutJava.stderr).toMatch(/Serve Java 17[^\n]*\nJava 17 or newer is needed[^\n]*\n$/);
  expect(withoutJava.stdout).toBe('');
}, 60_000);

describe.runIf(process.platform === 'linux')('leaves no process behind', () => {
  it('on Ctrl-C while it is starting', async () => {
    const interrupted = run(['--once']);
    await interrupted.printed('stderr', /DynamoDB Local/);
    await expect
      .poll(() => processesWith(interrupted.mark), { timeout: 10_000 })
      .toContainEqual(expect.stringContaining('java'));
    interrupted.child.kill('SIGINT');
    expect(await interrupted.ended).toBe(130);
    expect(interrupted.stderr).not.toContain('Error');
    await nothingLeft(interrupted.mark);
  }, 60_000);
});

it('stays up, reconciles another file and ends on Ctrl-C; its state is there at the next start, and a kill leaves no process behind', async () => {
  const data = await mkdtemp(join(tmpdir(), 'start-command-'));
  const first = run(['--json', '--data', data]);
  const { endpoints, orders, reports } = await first.result();
  expect(orders).toHaveLength(23);
  expect(orders.find(({ marketplaceOrderId }) => marketplaceOrderId === '300-0000001-0000001')).toMatchObject(
    {
      channel: 'amazon-it',
      total: '29.80',
      currency: 'EUR',
      fee: '-4.57',
      settlement: 'settled',
    },
  );
  // The one uploaded here, and the one found at Amazon.
  expect(reports).toHaveLength(2);

  const s3 = new S3Client({
    endpoint: endpoints.s3,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'ANYBODY', secretAccessKey: 'any' },
  });
  const Bucket = 'markeplay-demo-reports-000000000000-eu-south-1';
  await s3.send(
    new PutObjectCommand({ Bucket, Key: 'payment-reports/amazon-it/altro.pdf', Body: '%PDF-1.7' }),
  );
  const line = await first.printed('stdout', /^\{"file":"payment-reports\/amazon-it\/altro\.pdf".*\}$/m);
  expect(JSON.parse(line)).toMatchObject({ outcome: 'refused' });

  const second = run(['--once', '--data', data]);
  expect(await second.ended).toBe(1);
  expect(second.stderr).toContain('in use by another npm start');

  first.child.kill('SIGINT');
  expect(await first.ended).toBe(130);

  const third = run(['--json', '--data', data]);
  const kept = await third.result();
  expect(kept.orders).toEqual(orders);
  expect(kept.reports.map(({ file }) => file)).toContain('payment-reports/amazon-it/altro.pdf');

  if (process.platform === 'linux') {
    expect((await processesWith(third.mark, kept.endpoints.s3)).length).toBeGreaterThan(2);
  }
  third.child.kill('SIGKILL');
  if (process.platform === 'linux') await nothingLeft(third.mark, kept.endpoints.s3);
  else await third.ended;
  await rm(data, { recursive: true });
}, 90_000);
