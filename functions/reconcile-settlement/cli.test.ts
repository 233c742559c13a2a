import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { accountRow, refundRows, saleRows, settlementV2 } from '../../tests/support/settlement-files.ts';

const cli = join(import.meta.dirname, 'cli.ts');
const folder = mkdtempSync(join(tmpdir(), 'markeplay-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const A = '404-1000001-0000001';
const B = '404-1000002-0000002';
function file(name: string, contents: string): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}
const good = file(
  'good.txt',
  settlementV2({
    rows: [...saleRows(A, 5084, 960), ...saleRows(B, 7342, 1352), accountRow('Subscription Fee', -4641)],
  }),
);
const unbalanced = file('unbalanced.txt', settlementV2({ rows: saleRows(A, 5084, 960), statedMinor: 1 }));
const rejected = file(
  'rejected.txt',
  settlementV2({ rows: saleRows(A, 5084, 960), statedMinor: -960 }).replace('50,84', 'n/a'),
);
const pdf = file('summary.txt', '%PDF-1.7');

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('npm run reconcile', () => {
  test('prints one object for one file, amounts as decimal strings', async () => {
    const { code, stdout } = await run(good, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      file: good,
      format: 'settlement-v2',
      language: 'en',
      settlementIds: ['25000000001'],
      currency: 'EUR',
      rows: 5,
      control: { stated: '54.73', computed: '54.73', balanced: true },
      buckets: {
        order: { rows: 4, amount: '101.14' },
        account: { rows: 1, amount: '-46.41' },
        waiting: { rows: 0, amount: '0.00' },
        otherChannel: { rows: 0, amount: '0.00' },
        unclassified: { rows: 0, amount: '0.00' },
        rejected: { rows: 0, amount: '0.00' },
      },
      fees: {
        commission: '-23.12',
        fba: '0.00',
        shipping: '0.00',
        digitalServices: '0.00',
        refundCommission: '0.00',
        other: '0.00',
      },
      orders: [
        {
          marketplaceOrderId: A,
          fee: '-9.60',
          sales: '50.84',
          tax: '0.00',
          refunds: '0.00',
          net: '41.24',
          currency: 'EUR',
          state: 'settled',
        },
        { marketplaceOrderId: B, fee: '-13.52' },
      ],
      rejected: [],
    });
  });

  test('prints an array for several files and exits with the gravest outcome', async () => {
    const { code, stdout } = await run(good, unbalanced, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject([
      { file: good },
      { file: unbalanced, control: { balanced: false } },
    ]);
    expect((await run(good, pdf, unbalanced, '--json')).code).toBe(3);
  });

  test('exits with 2 for rejected rows, naming line and reason', async () => {
    const { code, stdout } = await run(rejected, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      control: { balanced: true },
      rejected: [{ line: 3, reason: expect.stringContaining('—') }],
    });
  });

  test('refuses a file with a sentence in both languages and exits with 3', async () => {
    const { code, stdout } = await run(pdf, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      file: pdf,
      code: 'pdf',
      refused: expect.stringMatching(/^È un PDF.* — .*PDF/),
    });
  });

  test('with --orders lets the rows of the other orders wait, whatever form the list has', async () => {
    for (const [name, list] of [
      ['ids.json', [A]],
      ['objects.json', [{ marketplaceOrderId: A, fee: null }]],
      ['printed.json', { orders: [{ marketplaceOrderId: A }], reports: [] }],
    ] as const) {
      const { code, stdout } = await run(good, '--json', '--orders', file(name, JSON.stringify(list)));
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        buckets: { order: { rows: 2, amount: '41.24' }, waiting: { rows: 2, amount: '59.90' } },
        orders: [{ state: 'settled' }, { state: 'waiting' }],
      });
    }
  });

  test('prints tables in Italian, or in English when asked', async () => {
    const refund = file('refund.txt', settlementV2({ rows: refundRows(A, 123456, 18518, 500) }));
    const italian = (await run(refund)).stdout;
    expect(italian).toContain('rimborsato');
    expect(italian).toContain('-1.234,56');
    const english = (await run(refund, '--lang', 'en')).stdout;
    expect(english).toContain('refunded');
    expect(english).toContain('-1,234.56');
  });

  test.each([
    ['no file', [], 'FILE|file'],
    ['a file that is not there', ['nowhere.txt'], 'nowhere.txt'],
    ['an unknown option', [good, '--colour'], '--colour'],
    ['a list of orders that is none', [good, '--orders', pdf], 'JSON'],
    ['a time zone that is none', [good, '--time-zone', 'Mars/Base'], 'Mars/Base'],
  ])('%s is one clear line and exit code 1', async (_, args, says) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(says));
  });

  test('--help shows examples', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('npm run reconcile -- ');
  });
});
