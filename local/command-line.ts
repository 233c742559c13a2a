import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  checkReportFile,
  openDemoChannels,
  pullOrders,
  REPORT_CHANNEL,
  untilSettled,
  uploadReport,
} from './demonstration.ts';
import { readState, type ShownReport } from './facts.ts';
import type { LocalStack, StartOptions } from './main.ts';
import { ordersTable, receiptsTable, reportText, shipmentsTable, whereItListens } from './print.ts';
import { issueDemoReceipts } from './receipts.ts';
import { shipDemoOrders } from './shipping.ts';
import { StartFailure } from './start-failure.ts';
import { TemplateRefused } from './template.ts';

const HELP = `Esegue in locale gli stack del tenant "demo": scarica gli ordini, riconcilia un file pagamenti, resta in ascolto.
Runs the stacks of tenant "demo" on this machine: pulls orders, reconciles a payment file, stays up.

  npm start                                   demo, poi in ascolto · the demo, then stays up
  npm start -- --once                         stampa ed esce · prints and exits
  npm start -- --report pagamenti.txt         carica quel file · uploads that file instead of the demo's
  npm start -- --data .local/data             conserva lo stato · keeps state between runs
  npm start --silent -- --once --json > result.json
                                              un oggetto JSON · one JSON object; progress goes to stderr

Codici di uscita · exit codes: 0 ok, 1 errore · failure, 130 Ctrl-C`;

/** A long step says that it is still going on. */
const STILL_WORKING_MS = 5_000;
const EXIT_FAILURE = 1;
const EXIT_INTERRUPTED = 130;

interface Arguments {
  readonly once: boolean;
  readonly json: boolean;
  readonly report: string | undefined;
  readonly data: string | undefined;
}

/** `npm start`: the whole run, from the arguments to the exit code. */
export async function runCommandLine(start: (options: StartOptions) => Promise<LocalStack>): Promise<void> {
  const args = readArguments();
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The second time at once: what was started notices that this process is gone.
      if (interrupted.signal.aborted) process.exit(EXIT_INTERRUPTED);
      note('Arresto in corso · stopping');
      interrupted.abort();
    });
  }

  const stillWorking = setInterval(
    () => note(`  … ${Math.round(performance.now() / 1000)} s`),
    STILL_WORKING_MS,
  );
  let stack: LocalStack | undefined;
  let failed = false;
  try {
    if (args.report !== undefined) await checkReportFile(args.report);
    stack = await start({ tenant: 'demo', dataDir: args.data, signal: interrupted.signal, onProgress: note });
    noteFailures(stack);
    await demonstrate(stack, args, interrupted.signal);
    clearInterval(stillWorking);
    if (!args.once) await stayUp(stack, args, interrupted.signal);
  } catch (error) {
    failed = true;
    if (!interrupted.signal.aborted) note(explain(error));
  }
  clearInterval(stillWorking);
  await stack?.stop();
  process.exit(interrupted.signal.aborted ? EXIT_INTERRUPTED : failed ? EXIT_FAILURE : 0);
}

/** Says what goes wrong as it happens, and where to read more. */
function noteFailures(stack: LocalStack): void {
  stack.trace.subscribe(({ what, of }) => {
    if (what === 'invocation-ended' && of.status === 'failed') {
      note(`✗ ${of.function}: ${of.errorType}. Registro · log: ${stack.logFolder}/${of.function}.log`);
    } else if (what === 'message-failed' && of.errorType === undefined) {
      note(
        `✗ ${of.function}: un lavoro non è riuscito · a job failed. Registro · log: ${stack.logFolder}/${of.function}.log`,
      );
    } else if (what === 'access-denied') {
      note(
        `✗ ${of.function}: il suo ruolo non permette · its role does not allow ${of.action} ${of.resource}`,
      );
    } else if (what === 'host-refused') {
      note(`✗ ${of.host}: host non previsto · not a known host`);
    }
  });
}

/** The demonstration: orders in, a payment file in, and what came of it printed. */
async function demonstrate(stack: LocalStack, args: Arguments, signal: AbortSignal): Promise<void> {
  note('Apertura dei canali dimostrativi · opening the demo channels');
  await openDemoChannels(stack);
  signal.throwIfAborted();
  note('Ordini da Amazon, eBay e ManoMano · orders from Amazon, eBay and ManoMano');
  await pullOrders(stack, signal);
  note('Caricamento del file pagamenti · uploading the payment file');
  await uploadReport(stack, args.report);
  signal.throwIfAborted();
  await untilSettled(stack, 'File pagamenti · Payment file', signal);
  note(
    'Spedizioni con BRT, dall’etichetta al marketplace · shipments with BRT, from the label to the marketplace',
  );
  const shipments = await shipDemoOrders(stack, signal);
  note('Ricevute, dal numero al marketplace · receipts, from the number to the marketplace');
  const receipts = await issueDemoReceipts(stack, signal);

  const { orders, reports } = await readState(stack.environment);
  const { s3, sqs, dynamodb } = stack.endpoints;
  const startedMs = Math.round(performance.now());
  if (args.json) {
    print(
      JSON.stringify(
        {
          tenant: stack.tenant,
          startedMs,
          endpoints: { s3, sqs, dynamodb },
          orders,
          reports,
          shipments,
          receipts,
        },
        null,
        2,
      ),
    );
  } else {
    print(
      [
        '',
        ordersTable(orders),
        '',
        ...reports.map(reportText),
        '',
        shipmentsTable(shipments),
        '',
        receiptsTable(receipts),
        '',
        whereItListens(stack),
        '',
      ].join('\n'),
    );
    print(`Pronto in ${(startedMs / 1000).toFixed(1)} s · ready in ${(startedMs / 1000).toFixed(1)} s`);
  }
}

/** Prints the outcome of each further file put into the bucket, until interrupted. */
async function stayUp(stack: LocalStack, args: Arguments, signal: AbortSignal): Promise<void> {
  note(
    `Altri file messi in payment-reports/${REPORT_CHANNEL}/ vengono riconciliati; Ctrl-C per finire.\n` +
      `Further files put into payment-reports/${REPORT_CHANNEL}/ are reconciled; Ctrl-C to end.`,
  );
  const keyByMessage = new Map<string, string>();
  let printing = Promise.resolve();
  stack.trace.subscribe(({ what, of }) => {
    if (what === 'notification-sent') keyByMessage.set(String(of.messageId), String(of.key));
    const key = what === 'message-handled' ? keyByMessage.get(String(of.messageId)) : undefined;
    if (key === undefined) return;
    keyByMessage.delete(String(of.messageId));
    printing = printing
      .then(() => printReport(stack, key, args))
      .catch((error: unknown) => note(explain(error)));
  });
  if (!signal.aborted) await once(signal, 'abort');
  await printing;
}

async function printReport(stack: LocalStack, key: string, args: Arguments): Promise<void> {
  const { reports } = await readState(stack.environment);
  const report: ShownReport | undefined = reports.find(
    ({ file }) => key === file || key.endsWith(`/${file}`),
  );
  if (report === undefined) note(`${key}: nessun esito · no outcome`);
  else print(args.json ? JSON.stringify(report) : reportText(report));
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        report: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      print(HELP);
      process.exit(0);
    }
    return { once: values.once, json: values.json, report: values.report, data: values.data };
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    note('npm start -- --help');
    process.exit(EXIT_FAILURE);
  }
}

function explain(error: unknown): string {
  if (error instanceof StartFailure) return error.message;
  if (error instanceof TemplateRefused) {
    return `Il template chiede cose che lo stack locale non conosce · the template asks for what the local stack does not know:\n${error.message}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Progress and failures: stderr, so that stdout holds the result alone. */
function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Whole before anything else happens: a pipe must not lose the end when the process exits. */
function print(text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(process.stdout.fd, bytes, written);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}
