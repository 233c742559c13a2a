import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { aReceipt, receiptSettings } from '../../tests/support/receipts.ts';
import { bundle } from './bundle.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
// Inside the repository, so that the AWS clients are found as the Lambda runtime finds its own.
mkdirSync(join(repository, '.local'), { recursive: true });
const folder = mkdtempSync(join(repository, '.local', 'bundles-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ENVIRONMENT = {
  AWS_REGION: 'eu-south-1',
  BUYER_TABLE_NAME: 'buyers',
  CREDENTIALS_KEY_ALIAS: 'alias/markeplay/demo',
  CREDENTIALS_PREFIX: '/markeplay/demo/credentials',
  AMAZON_ORDER_PULL_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/order-pull-amazon',
  EBAY_ORDER_PULL_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/order-pull-ebay',
  MANOMANO_ORDER_PULL_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/order-pull-manomano',
  AMAZON_CONFIRMATION_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/confirmation-amazon',
  EBAY_CONFIRMATION_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/confirmation-ebay',
  MANOMANO_CONFIRMATION_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/confirmation-manomano',
  TRACKING_CHECK_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/tracking-check',
  ORDER_PULL_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/order-pull',
  PERSONAL_BUCKET_NAME: 'people',
  RECEIPT_BUCKET_NAME: 'receipts',
  RECEIPT_ISSUED_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/receipts-issued',
  RECEIPT_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/receipt-making',
  REPORT_BUCKET_NAME: 'reports',
  REPORT_UPLOAD_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/report-upload',
  SHIPMENT_FILE_QUEUE_URL: 'https://sqs.eu-south-1.amazonaws.com/123456789012/report-upload',
  STATE_TABLE_NAME: 'state',
};

describe.each([
  'find-settlement-reports/amazon.ts',
  'http-api/ebay.ts',
  'http-api/index.ts',
  'http-api/receipts.ts',
  'plan-order-pulls/index.ts',
  'plan-re-scans/index.ts',
  'pull-orders/amazon.ts',
  'pull-orders/ebay.ts',
  'pull-orders/manomano.ts',
  'reconcile-settlement/amazon.ts',
  'request-missed-reports/index.ts',
])('the bundle of %s', (entry) => {
  const file = join(folder, `${entry.replace('/', '-')}.mjs`);

  it('starts by itself and has a handler', () => {
    bundle(join(repository, 'functions', entry), file);
    const program = `process.stdout.write(typeof (await import('${pathToFileURL(file)}')).handler)`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      env: ENVIRONMENT,
      encoding: 'utf8',
    });
    expect(printed).toBe('function');
  });

  it('leaves out the AWS clients and the readers of documents, and nothing else it imports', () => {
    const imported = [...readFileSync(file, 'utf8').matchAll(/\bfrom ?"([@\w/:.-]+)"/g)].map(
      ([, name]) => name ?? '',
    );
    const foreign = imported.filter((name) => !/^(?:node:)?[a-z_/]+$/.test(name));
    expect(foreign.length).toBeGreaterThan(0);
    expect(foreign.filter((name) => !name.startsWith('@aws-sdk/client-'))).toEqual([]);
  });
});

/** Answers every request of Amazon's client with the same token, and prints what was asked. */
const CALL_AMAZON = `
  import https from 'node:https';
  import { PassThrough, Readable } from 'node:stream';
  https.request = ({ path }, onAnswer) => {
    const answer = Object.assign(Readable.from(['{"access_token":"t"}']), { statusCode: 200, headers: {} });
    process.stdout.write(path + '\\n');
    setImmediate(onAnswer, answer);
    return new PassThrough();
  };
  const credentials = { clientId: 'c', clientSecret: 's', refreshToken: 'r' };
  const query = { createdAfter: '2026-11-23T10:00:00Z', marketplaceIds: ['IT', 'DE'], maxResultsPerPage: 1 };
  const client = createAmazonClient(credentials, { now: () => 0 });
  await client.call({ operation: 'searchOrders', documentedRatePerSecond: 1, query });`;

describe('a bundle', () => {
  it("asks Amazon as the client itself does: what is put in a package's place must do the same", () => {
    const entry = join(repository, 'shared/adapters/amazon/client.ts');
    const file = join(folder, 'client.mjs');
    bundle(entry, file);
    const asked = [file, entry].map((from) =>
      execFileSync(
        process.execPath,
        [
          '--input-type=module',
          '--eval',
          `import { createAmazonClient } from '${pathToFileURL(from)}';${CALL_AMAZON}`,
        ],
        { encoding: 'utf8' },
      ),
    );
    expect(asked[0]).toContain('marketplaceIds=IT%2CDE&maxResultsPerPage=1');
    expect(asked[0]).toBe(asked[1]);
  });

  it('says in the words of qs what is wrong, though it is Node that finds them', () => {
    const entry = join(folder, 'side-channel.ts');
    writeFileSync(entry, "export { default } from 'side-channel';");
    const file = join(folder, 'side-channel.mjs');
    bundle(entry, file);
    const program = `const { default: sideChannel } = await import('${pathToFileURL(file)}');
      try { sideChannel().assert('a key'); } catch (error) { process.stdout.write(error.message); }`;
    expect(
      execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }),
    ).toBe("Side channel does not contain 'a key'");
  });

  it('keeps the names of errors', () => {
    const entry = join(folder, 'named.ts');
    writeFileSync(
      entry,
      'export class LostParcel extends Error {}\nexport const name = new LostParcel().constructor.name;',
    );
    bundle(entry, join(folder, 'named.mjs'));
    const program = `process.stdout.write((await import('${pathToFileURL(join(folder, 'named.mjs'))}')).name)`;
    expect(
      execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }),
    ).toBe('LostParcel');
  });

  it('reads XML where the function says that it does, and only there', () => {
    const from = join(repository, 'shared/adapters/brt/soap.ts');
    const entry = join(folder, 'soap.ts');
    writeFileSync(entry, `export { soapReturn } from '${from}';`);
    const answer =
      '<Envelope><Body><operationResponse><return><ESITO>-11</ESITO></return></operationResponse></Body></Envelope>';
    const printed = [true, false].map((readsXml) => {
      const file = join(folder, `soap-${readsXml}.mjs`);
      bundle(entry, file, { readsXml });
      const program = `const { soapReturn } = await import('${pathToFileURL(file)}');
        process.stdout.write(JSON.stringify(soapReturn('operation', '${answer}')) ?? 'nothing');`;
      return execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
    });
    expect(printed).toEqual(['{"ESITO":"-11"}', 'nothing']);
  });

  it('that draws has what draws in a file of its own, loaded with the first page, and the fonts beside it', () => {
    const output = join(folder, 'drawing');
    const file = join(output, 'index.mjs');
    bundle(join(repository, 'functions/issue-receipts/index.ts'), file, { drawsPdf: true });
    const written = readdirSync(output).filter((name) => name.endsWith('.mjs'));
    const sizes = written.map((name) => statSync(join(output, name)).size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500_000);
    expect(readFileSync(file, 'utf8')).not.toContain('PDFDocument');

    const entry = join(folder, 'draws.ts');
    const page = {
      seller: receiptSettings().seller,
      buyer: undefined,
      logo: undefined,
      courtesyNotes: {},
      receipt: aReceipt(),
    };
    writeFileSync(
      entry,
      `const { createReceiptRenderer } = await import('${join(repository, 'shared/adapters/pdf/renderer.ts')}');
      const { readFonts } = await import('${join(repository, 'shared/adapters/pdf/fonts.ts')}');
      const pdf = await createReceiptRenderer(readFonts()).render(${JSON.stringify(page)});
      process.stdout.write(new TextDecoder('latin1').decode(pdf).slice(0, 5) + pdf.length);`,
    );
    const drawing = join(output, 'draws.mjs');
    bundle(entry, drawing, { drawsPdf: true });
    expect(execFileSync(process.execPath, [drawing], { encoding: 'utf8' })).toMatch(/^%PDF-\d{5}/);
  });

  it('is not made of a program with a missing import', () => {
    const entry = join(folder, 'broken.ts');
    writeFileSync(entry, "import { nothing } from './nowhere.ts';\nexport const handler = nothing;");
    expect(() => bundle(entry, join(folder, 'broken.mjs'))).toThrow('./nowhere.ts');
  });
});
