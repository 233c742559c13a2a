import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { createPaymentReportReader } from '../../shared/adapters/amazon/payment-reports/reader.ts';
import { LANGUAGES, type Language } from '../../shared/domain/texts/index.ts';
import { readReport } from '../../shared/usecases/read-report.ts';
import { printReport } from './report-table.ts';

const HELP = `Riconcilia un report di pagamento di Amazon senza caricarlo — Reconciles an Amazon payment report at hand.

  npm run reconcile -- FILE… [--orders ORDERS.json] [--json]

  --orders FILE     ordini già scaricati: gli altri restano "in attesa" — orders already pulled: the others wait
                    (JSON: ["404-…"], [{"marketplaceOrderId":"404-…"}] or {"orders":[…]})
  --json            per i programmi: un oggetto, o un elenco per più file — for programs: one object, an array for several
  --currency EUR    se il file non la dice — when the file does not say it
  --time-zone ZONE  fuso in cui il conto taglia i giorni (Europe/Rome) — zone in which the account's days are cut
  --lang it|en      lingua delle tabelle — language of the tables
  --help

Esempi — examples
  npm run reconcile -- 25671641022.txt
  npm run reconcile -- *.txt 2026GenMonthlyTransaction.csv --json > report.json
  npm run reconcile -- 25671641022.txt --orders orders.json

Esce con — exits with: 0 tutto quadra — imported; 2 non quadra o righe scartate — unbalanced or rejected rows;
3 rifiutato — refused; 1 errore d'uso o file illeggibile — wrong usage or unreadable file. Con più file vale il più alto — of several files the highest.
`;

const EXIT = { imported: 0, usage: 1, flawed: 2, refused: 3 } as const;
/** Pieces read at a time: large enough that a million rows do not wait for the disk. */
const PIECE_BYTES = 256 * 1024;
const PROGRESS_EVERY_MS = 1_000;

const orderRefSchema = z.union([
  z.string(),
  z.object({ marketplaceOrderId: z.string() }).transform((o) => o.marketplaceOrderId),
]);
const ordersSchema = z.union([
  z.array(orderRefSchema),
  z.object({ orders: z.array(orderRefSchema) }).transform((file) => file.orders),
]);

class UsageError extends Error {}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArguments(argv);
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT.imported;
  }
  if (positionals.length === 0)
    throw new UsageError('Indica almeno un file — name at least one file. (--help)');
  const language = values.lang as Language;
  if (!LANGUAGES.includes(language)) throw new UsageError(`--lang: ${LANGUAGES.join(' | ')}`);
  if (!isTimeZone(values['time-zone'])) throw new UsageError(`--time-zone: ${values['time-zone']}?`);
  if (values.currency !== undefined && !/^[A-Z]{3}$/.test(values.currency))
    throw new UsageError('--currency: EUR, GBP, …');
  const known = values.orders === undefined ? undefined : await readOrders(values.orders);
  const hints = {
    timeZone: values['time-zone'],
    ...(values.currency === undefined ? {} : { currency: values.currency }),
  };

  const reader = createPaymentReportReader();
  const views = [];
  for (const file of positionals) {
    const source = withProgress(file, await sizeOf(file));
    views.push(await readReport({ reader }, file, source, hints, (id) => known?.has(id) ?? true, Date.now()));
  }
  if (values.json)
    process.stdout.write(`${JSON.stringify(views.length === 1 ? views[0] : views, null, 2)}\n`);
  else for (const view of views) process.stdout.write(printReport(view, language));

  return Math.max(
    ...views.map((view) => {
      if ('refused' in view) return EXIT.refused;
      return view.control.balanced === false || view.rejectedCount > 0 ? EXIT.flawed : EXIT.imported;
    }),
  );
}

function parseArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        orders: { type: 'string' },
        json: { type: 'boolean', default: false },
        currency: { type: 'string' },
        'time-zone': { type: 'string', default: 'Europe/Rome' },
        lang: { type: 'string', default: 'it' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (--help)`);
  }
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

async function readOrders(file: string): Promise<ReadonlySet<string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new UsageError(`${file}: non si può leggere — cannot be read.`);
  }
  const shape = 'deve essere un elenco JSON di numeri d’ordine — must be a JSON list of order ids (--help)';
  try {
    return new Set(ordersSchema.parse(JSON.parse(text)));
  } catch {
    throw new UsageError(`${file}: ${shape}.`);
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile())
    throw new UsageError(
      `${file}: il file non esiste o non si può leggere — no such file, or it cannot be read.`,
    );
  return found.size;
}

/** The file's bytes; whoever waits longer than a second sees how far it is. */
async function* withProgress(file: string, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let read = 0;
  let shownAt = performance.now();
  let shown = false;
  for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES })) {
    yield piece;
    read += piece.length;
    if (performance.now() - shownAt < PROGRESS_EVERY_MS) continue;
    shownAt = performance.now();
    shown = true;
    process.stderr.write(`\r${file}: ${Math.floor((read / sizeBytes) * 100)} % `);
  }
  if (shown) process.stderr.write(`\r${file}: 100 %\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT.usage;
}
