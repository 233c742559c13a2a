import { type ParseArgsConfig, parseArgs } from 'node:util';
import Table from 'cli-table3';
import { AMAZON_COUNTRIES, amazonSite } from '../../shared/adapters/amazon/sites.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import {
  FIRST_PULL_MS,
  type OpenChannelDeps,
  openChannel,
  switchOrdersSync,
} from '../../shared/usecases/open-channel.ts';
import { envSchema, openEnvSchema, signInEnvSchema } from './env.ts';

export const HELP = `Canali di vendita di un'installazione — Sales channels of a tenant.

  npm run channels -- open --id ID --account SELLER --country CC [--name NAME] [--orders-from INSTANT]
  npm run channels -- sync on|off --id ID [--id ID …]
  npm run channels -- list [--json]

open   apre un canale; la sincronizzazione degli ordini resta SPENTA
       opens a channel; its order sync stays OFF
  --id ID                 minuscole, cifre e trattini: amazon-it — lower case, digits, hyphens
  --account SELLER        codice venditore (Merchant Token) — seller id (Merchant Token)
  --country CC            ${AMAZON_COUNTRIES.join(' ')}
  --name NAME             nome per le persone — name for people (Amazon.it)
  --orders-from INSTANT   primo istante da importare, UTC — first instant to import (30 giorni fa, 30 days ago)
sync   accende o spegne la sincronizzazione degli ordini — switches order sync
list   elenca i canali — lists the channels

Ovunque — everywhere: --state-table NAME (STATE_TABLE_NAME), --help
Con open — with open: --credentials-prefix PATH (CREDENTIALS_PREFIX), --kms-key ID (CREDENTIALS_KEY_ID)
Le credenziali si leggono solo dall'ambiente — credentials are read from the environment only:
  LWA_CLIENT_ID, LWA_CLIENT_SECRET, LWA_REFRESH_TOKEN
  (non servono per il secondo canale dello stesso account — not needed for an account's second channel)
Regione, profilo ed endpoint sono quelli soliti di AWS — region, profile and endpoints are AWS's usual ones.

Esempi — examples
  npm run channels -- open --id amazon-it --account A1EXAMPLE --country IT
  npm run channels -- sync on --id amazon-it --id amazon-de
  npm run channels -- list --json

Uscita — exit: 0 fatto, done · 1 rifiutato, refused · 2 comando o ambiente errato, wrong command or environment
               3 AWS non risponde o rifiuta, AWS does not answer or refuses
`;

/** What ends a command: a sentence for the person who typed it and a code for the script that did. */
export class CommandFailure extends Error {
  readonly exitCode: 1 | 2;
  constructor(exitCode: 1 | 2, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly channelsIn: (stateTable: string) => OpenChannelDeps['channels'];
  readonly credentialsUnder: (prefix: string, kmsKeyId?: string) => OpenChannelDeps['credentials'];
  readonly nowMs: number;
}

/**
 * Performs one command and answers what to print.
 * @throws CommandFailure when the command is wrong or refused; stores' failures pass through
 */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<string> {
  const [command, ...rest] = argv;
  if (command === undefined || argv.includes('--help') || argv.includes('-h')) return HELP;
  if (command === 'open') return open(rest, surroundings);
  if (command === 'sync') return sync(rest, surroundings);
  if (command === 'list') return list(rest, surroundings);
  throw new CommandFailure(2, `Comando sconosciuto — unknown command: ${command}. Vedi — see: --help`);
}

async function open(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { env, nowMs } = surroundings;
  const { values } = parsed(args, {
    id: { type: 'string' },
    account: { type: 'string' },
    country: { type: 'string' },
    name: { type: 'string' },
    'orders-from': { type: 'string' },
    'credentials-prefix': { type: 'string' },
    'kms-key': { type: 'string' },
    'state-table': { type: 'string' },
  });
  const channelId = matching(values.id, /^[a-z0-9][a-z0-9-]{0,39}$/, '--id');
  const accountId = matching(values.account, /^[A-Z0-9]{5,32}$/, '--account');
  const country = matching(values.country, /^[A-Za-z]{2}$/, '--country');
  const site = amazonSite(country);
  if (site === undefined) {
    throw new CommandFailure(
      2,
      `Nessun sito Amazon per — no Amazon site for: ${country}. Possibili — possible: ${AMAZON_COUNTRIES.join(' ')}`,
    );
  }
  const settings = environment(openEnvSchema, env, {
    STATE_TABLE_NAME: values['state-table'],
    CREDENTIALS_PREFIX: values['credentials-prefix'],
    CREDENTIALS_KEY_ID: values['kms-key'],
  });
  const opened = await openChannel(
    {
      channels: surroundings.channelsIn(settings.STATE_TABLE_NAME),
      credentials: surroundings.credentialsUnder(settings.CREDENTIALS_PREFIX, settings.CREDENTIALS_KEY_ID),
    },
    {
      channelId,
      name: values.name ?? site.name,
      marketplace: 'amazon',
      accountId,
      siteIds: [site.siteId],
      country: site.country,
      timeZone: site.timeZone,
      ordersFrom: instant(values['orders-from'], nowMs),
    },
    signInOf(env),
  );
  switch (opened.outcome) {
    case 'id-taken':
      throw new CommandFailure(1, `Il canale esiste già — the channel exists already: ${channelId}`);
    case 'site-taken':
      throw new CommandFailure(
        1,
        `${site.name} di questo account è già del canale ${opened.by} — this account's ${site.name} already belongs to channel ${opened.by}`,
      );
    case 'no-credentials':
      throw new CommandFailure(
        1,
        `Mancano le credenziali dell'account ${accountId}: imposta LWA_CLIENT_ID, LWA_CLIENT_SECRET, LWA_REFRESH_TOKEN — the account has no credentials yet: set these three`,
      );
    case 'opened':
      return [
        `Canale ${channelId} aperto (${site.name}, ordini dal ${opened.channel.ordersFrom}).`,
        'La sincronizzazione degli ordini è SPENTA finché non la accendi:',
        `Channel ${channelId} opened (${site.name}, orders from ${opened.channel.ordersFrom}).`,
        'Its order sync is OFF until you switch it on:',
        `  npm run channels -- sync on --id ${channelId}`,
        '',
      ].join('\n');
  }
}

async function sync(args: readonly string[], { env, channelsIn }: Surroundings): Promise<string> {
  const { values, positionals } = parsed(
    args,
    { id: { type: 'string', multiple: true }, 'state-table': { type: 'string' } },
    true,
  );
  const [position, ...others] = positionals;
  if ((position !== 'on' && position !== 'off') || others.length > 0 || values.id === undefined) {
    throw new CommandFailure(2, 'Si usa così — use it like this: sync on|off --id ID [--id ID …]');
  }
  const settings = environment(envSchema, env, { STATE_TABLE_NAME: values['state-table'] });
  const missing = await switchOrdersSync(channelsIn(settings.STATE_TABLE_NAME), values.id, position === 'on');
  if (missing.length > 0) {
    throw new CommandFailure(
      1,
      `Canale sconosciuto — unknown channel: ${missing.join(', ')}. Nulla è cambiato — nothing changed.`,
    );
  }
  const state = position === 'on' ? 'ACCESA — ON' : 'SPENTA — OFF';
  return values.id.map((id) => `${id}: sincronizzazione ordini, order sync: ${state}\n`).join('');
}

async function list(args: readonly string[], { env, channelsIn }: Surroundings): Promise<string> {
  const { values } = parsed(args, { json: { type: 'boolean' }, 'state-table': { type: 'string' } });
  const settings = environment(envSchema, env, { STATE_TABLE_NAME: values['state-table'] });
  const found = await channelsIn(settings.STATE_TABLE_NAME).listChannels();
  if (values.json === true) return `${JSON.stringify(found, undefined, 2)}\n`;
  if (found.length === 0)
    return 'Nessun canale — no channels. Aprine uno — open one: npm run channels -- open --help\n';
  const table = new Table({
    head: ['Canale', 'Nome', 'Account', 'Paese', 'Ordini', 'Importati fino a'],
    style: { head: [], border: [] },
  });
  for (const channel of found) {
    table.push([
      channel.channelId,
      channel.name,
      channel.accountId,
      channel.country,
      channel.ordersSync ? 'ON' : 'OFF',
      channel.ordersWatermark ?? `— (da ${channel.ordersFrom})`,
    ]);
  }
  return `${table.toString()}\n`;
}

/** Undefined when none of the three is set; some of them only is a mistake. */
function signInOf(env: NodeJS.ProcessEnv) {
  if (Object.keys(signInEnvSchema.shape).every((name) => env[name] === undefined)) return undefined;
  const signIn = environment(signInEnvSchema, env, {});
  return {
    clientId: signIn.LWA_CLIENT_ID,
    clientSecret: signIn.LWA_CLIENT_SECRET,
    refreshToken: signIn.LWA_REFRESH_TOKEN,
  };
}

function environment<Schema extends Parameters<typeof readEnv>[0]>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
  flags: Readonly<Record<string, string | undefined>>,
) {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  try {
    return readEnv(schema, { ...env, ...given });
  } catch (error) {
    throw new CommandFailure(2, error instanceof Error ? error.message : String(error));
  }
}

function parsed<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals });
  } catch (error) {
    throw new CommandFailure(2, `${error instanceof Error ? error.message : error}. Vedi — see: --help`);
  }
}

function matching(value: string | undefined, pattern: RegExp, flag: string): string {
  if (value !== undefined && pattern.test(value)) return value;
  const what = value === undefined ? 'Manca — missing' : 'Non valido — not valid';
  throw new CommandFailure(2, `${what}: ${flag}. Vedi — see: --help`);
}

function instant(value: string | undefined, nowMs: number): string {
  const ms = value === undefined ? nowMs - FIRST_PULL_MS : Date.parse(value);
  if (Number.isNaN(ms) || ms > nowMs) {
    throw new CommandFailure(
      2,
      'Non valido — not valid: --orders-from (es. — e.g. 2026-10-01T00:00:00Z, nel passato — in the past)',
    );
  }
  return new Date(ms).toISOString();
}
