import Table from 'cli-table3';
import {
  channelTexts,
  credentialsMessages,
  dryRunMessages,
  faultMessages,
  findingsMessages,
  inBothLanguages,
  MARKETPLACE_NAMES,
  noticeMessage,
} from '../../shared/domain/texts/channels/index.ts';
import type { Language } from '../../shared/domain/texts/index.ts';
import {
  archiveChannel,
  changeChannel,
  type NotChanged,
  switchSync,
} from '../../shared/usecases/change-channel.ts';
import { checkAccount } from '../../shared/usecases/check-accounts.ts';
import { type DryRunDeps, dryRunChannel } from '../../shared/usecases/dry-run-channel.ts';
import { type OpenChannelDeps, openChannel } from '../../shared/usecases/open-channel.ts';
import type { AskForPullsDeps } from '../../shared/usecases/pulled-accounts.ts';
import { requestBackfill, requestSyncNow } from '../../shared/usecases/request-pull.ts';
import { saveCredentials } from '../../shared/usecases/save-credentials.ts';
import {
  SYNC_SWITCHES,
  type SyncSwitch,
  showChannel,
  showChannels,
} from '../../shared/usecases/show-channel.ts';
import {
  CommandFailure,
  contractsOf,
  environment,
  issueDatesOf,
  MARKETPLACES,
  marketplaceOf,
  matching,
  parsed,
  pastInstant,
  required,
  signInOf,
} from './command-line.ts';
import { credentialsEnvSchema, envSchema, QUEUE_VARIABLES, SIGN_IN_VARIABLES } from './env.ts';

export { CommandFailure } from './command-line.ts';

export const HELP = `Canali di vendita di un'installazione — Sales channels of a tenant.

  npm run channels -- open --account ACCOUNT --country CC [--marketplace M] [--id ID] [--name NAME]
                           [--orders-from INSTANT] [--contract ID:CC:SELF|MMF …] [--store-untested]
  npm run channels -- sync on|off --id ID [--id ID …] [--what orders|tracking|receipts|listings]
  npm run channels -- list [--json]
  npm run channels -- show --id ID [--json]
  npm run channels -- change --id ID [--name NAME] [--orders-from INSTANT] [--contract …]
  npm run channels -- archive --id ID
  npm run channels -- credentials --account ACCOUNT [--marketplace M] [--store-untested] [--…-issued DATE]
  npm run channels -- test --account ACCOUNT [--marketplace M]
  npm run channels -- dry-run --id ID
  npm run channels -- pull --id ID
  npm run channels -- backfill --id ID --from DAY --until DAY

open         apre un canale; la sincronizzazione degli ordini resta SPENTA
             opens a channel; its order sync stays OFF
  --account ACCOUNT       Amazon: codice venditore (Merchant Token) — seller id; eBay: utente — user; ManoMano: un nome — a name
  --country CC            paese di vendita, IT DE FR ES UK … — country of sale
  --marketplace M         amazon (se non indicato — unless stated), ebay, manomano
  --id ID                 minuscole, cifre e trattini: amazon-it — lower case, digits, hyphens
  --name NAME             nome per le persone — name for people (Amazon.it)
  --orders-from INSTANT   primo istante da importare, UTC — first instant to import (30 giorni fa, 30 days ago)
  --contract ID:CC:TYPE   ManoMano: uno per paese e tipo di consegna, si ripete — one per country and delivery type, repeatable
  --store-untested        salva anche se il marketplace non risponde — store although the marketplace does not answer
sync         accende o spegne una sincronizzazione, ordini se non indicato — switches a sync, orders unless stated
list, show   elenca i canali; ne mostra uno con lo stato dell'account — lists the channels; shows one and its account
change       cambia le impostazioni — changes the settings
archive      chiude il canale e libera il suo sito; gli ordini restano — closes the channel, frees its site; orders stay
credentials  prova e salva le credenziali di un account — tests and stores an account's credentials
  --client-secret-issued, --refresh-token-issued, --signing-key-issued DATE
                          quando sono state emesse, per la scadenza — when they were issued, for their expiry
test         prova le credenziali salvate — tries the stored credentials
dry-run      che cosa arriverebbe accendendo gli ordini — what switching orders on would bring
pull         chiede gli ordini adesso — asks for orders now
backfill     chiede gli ordini creati in questi giorni — asks for the orders created on these days (2026-10-01)

Ovunque — everywhere: --state-table NAME (STATE_TABLE_NAME), --help
Con open, credentials, test, dry-run — with these: --credentials-prefix PATH (CREDENTIALS_PREFIX), --kms-key ID (CREDENTIALS_KEY_ID)
Con pull, backfill — with these: ${Object.values(QUEUE_VARIABLES).join(', ')}
Le credenziali si leggono solo dall'ambiente — credentials are read from the environment only:
${MARKETPLACES.map((marketplace) => `  ${MARKETPLACE_NAMES[marketplace]}: ${Object.values(SIGN_IN_VARIABLES[marketplace]).join(', ')}`).join('\n')}
  (non servono per il secondo canale dello stesso account — not needed for an account's second channel)
Regione, profilo ed endpoint sono quelli soliti di AWS — region, profile and endpoints are AWS's usual ones.

Esempi — examples
  npm run channels -- open --id amazon-it --account A1EXAMPLE --country IT
  npm run channels -- open --marketplace manomano --account shop --country IT --contract 70001:IT:SELF
  npm run channels -- sync on --id amazon-it --id amazon-de
  npm run channels -- list --json

Uscita — exit: 0 fatto, done · 1 rifiutato, refused · 2 comando o ambiente errato, wrong command or environment
               3 AWS non risponde o rifiuta, AWS does not answer or refuses
`;

/** What stands in a tenant's state table. */
export type StateStores = Pick<OpenChannelDeps, 'channels' | 'accounts' | 'activities' | 'quota'> &
  Pick<DryRunDeps, 'orders'>;
type Credentials = OpenChannelDeps['credentials'];
type PullQueue = NonNullable<AskForPullsDeps['queues']['amazon']>;

export interface Surroundings extends Pick<OpenChannelDeps, 'clock' | 'sites' | 'probings'> {
  readonly env: NodeJS.ProcessEnv;
  readonly stateIn: (stateTable: string) => StateStores;
  readonly credentialsUnder: (prefix: string, kmsKeyId?: string) => Credentials;
  readonly sourcesWith: (credentials: Credentials) => DryRunDeps['sources'];
  readonly queueAt: (url: string) => PullQueue;
}

const STATE_FLAGS = { 'state-table': { type: 'string' } } as const;
const CREDENTIALS_FLAGS = {
  ...STATE_FLAGS,
  'credentials-prefix': { type: 'string' },
  'kms-key': { type: 'string' },
} as const;
const SIGN_IN_FLAGS = {
  'store-untested': { type: 'boolean' },
  'client-secret-issued': { type: 'string' },
  'refresh-token-issued': { type: 'string' },
  'signing-key-issued': { type: 'string' },
} as const;
/** A person waits; what was counted by then is the answer. */
const DRY_RUN_MS = 60_000;

const COMMANDS: Readonly<
  Record<string, (args: readonly string[], surroundings: Surroundings) => Promise<string>>
> = { open, sync, list, show, change, archive, credentials, test, 'dry-run': dryRun, pull, backfill };

/**
 * Performs one command and answers what to print.
 * @throws CommandFailure when the command is wrong or refused; stores' failures pass through
 */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<string> {
  const [name, ...rest] = argv;
  if (name === undefined || argv.includes('--help') || argv.includes('-h')) return HELP;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new CommandFailure(2, `Comando sconosciuto — unknown command: ${name}. Vedi — see: --help`);
  }
  return command(rest, surroundings);
}

async function open(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { env, clock } = surroundings;
  const { values } = parsed(args, {
    ...CREDENTIALS_FLAGS,
    ...SIGN_IN_FLAGS,
    marketplace: { type: 'string', default: 'amazon' },
    id: { type: 'string' },
    account: { type: 'string' },
    country: { type: 'string' },
    name: { type: 'string' },
    'orders-from': { type: 'string' },
    contract: { type: 'string', multiple: true },
  });
  const marketplace = marketplaceOf(values.marketplace);
  const wanted = {
    marketplace,
    channelId: values.id === undefined ? undefined : matching(values.id, /^[a-z0-9][a-z0-9-]{0,39}$/, '--id'),
    accountId: matching(
      values.account,
      marketplace === 'amazon' ? /^[A-Z0-9]{5,32}$/ : /^[\w.-]{1,64}$/,
      '--account',
    ),
    country: matching(values.country, /^[A-Za-z]{2}$/, '--country'),
    name: values.name,
    contracts: contractsOf(values.contract),
    ordersFrom:
      values['orders-from'] === undefined
        ? undefined
        : pastInstant(values['orders-from'], '--orders-from', clock.now()),
  };
  const secrets = signInOf(marketplace, env);
  const signIn =
    secrets === undefined
      ? 'stored'
      : {
          secrets,
          issued: issueDatesOf(values, clock.now()),
          storeUntested: values['store-untested'] === true,
        };
  const opened = await openChannel(signingIn(values, surroundings), wanted, signIn);
  switch (opened.outcome) {
    case 'invalid': {
      const countries = surroundings.sites[marketplace].map(({ country }) => country).join(' ');
      const possible = opened.faults.includes('country')
        ? [`${wanted.country}: possibili — possible: ${countries}`]
        : [];
      throw refused(2, [
        ...inBothLanguages((language) => faultMessages(marketplace, opened.faults, language)),
        ...possible,
      ]);
    }
    case 'id-taken':
      throw refused(
        1,
        sentences(({ refusals }) => refusals.idTaken(opened.channelId)),
      );
    case 'site-taken':
      throw refused(
        1,
        sentences(({ refusals }) => refusals.siteTaken(opened.by)),
      );
    case 'no-credentials':
      throw refused(1, [
        ...sentences(({ refusals }) => refusals.noCredentials),
        `${wanted.accountId}: ${Object.values(SIGN_IN_VARIABLES[marketplace]).join(', ')}`,
      ]);
    case 'credentials-refused': {
      const answer = opened.refused;
      throw refused(
        1,
        inBothLanguages((language) => credentialsMessages(marketplace, answer, language)),
      );
    }
    case 'opened': {
      const { channelId, name, ordersFrom } = opened.channel;
      return lines([
        `Canale ${channelId} aperto (${name}, ordini dal ${ordersFrom}).`,
        'La sincronizzazione degli ordini è SPENTA finché non la accendi:',
        `Channel ${channelId} opened (${name}, orders from ${ordersFrom}).`,
        'Its order sync is OFF until you switch it on:',
        `  npm run channels -- sync on --id ${channelId}`,
        ...inBothLanguages((language) => findingsMessages(opened.account?.findings, language)),
      ]);
    }
  }
}

async function sync(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values, positionals } = parsed(
    args,
    { ...STATE_FLAGS, id: { type: 'string', multiple: true }, what: { type: 'string', default: 'orders' } },
    true,
  );
  const [position, ...others] = positionals;
  const what = SYNC_SWITCHES.find((which) => which === values.what);
  if (
    (position !== 'on' && position !== 'off') ||
    others.length > 0 ||
    values.id === undefined ||
    what === undefined
  ) {
    throw new CommandFailure(
      2,
      `Si usa così — use it like this: sync on|off --id ID [--id ID …] [--what ${SYNC_SWITCHES.join('|')}]`,
    );
  }
  const deps = acting(values, surroundings);
  // All or none: a list with a typing error switches nothing.
  const known = new Set((await deps.channels.listChannels()).map(({ channelId }) => channelId));
  const missing = values.id.filter((channelId) => !known.has(channelId));
  if (missing.length > 0) {
    throw new CommandFailure(1, `Canali sconosciuti — unknown channels: ${missing.join(', ')}`);
  }
  for (const channelId of values.id) {
    const switched = await switchSync(deps, channelId, what, position === 'on');
    if (switched.outcome === 'no-credentials') {
      throw refused(1, [`${channelId}:`, ...sentences(({ refusals }) => refusals.noCredentials)]);
    }
    if (switched.outcome !== 'switched') throw notChanged(switched);
  }
  return lines([switchedSentence(what, position, values.id)]);
}

async function list(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values } = parsed(args, { ...STATE_FLAGS, json: { type: 'boolean' } });
  const deps = acting(values, surroundings);
  if (values.json === true) {
    return `${JSON.stringify(await deps.channels.listChannels(), undefined, 2)}\n`;
  }
  const views = await showChannels(deps);
  if (views.length === 0) {
    return 'Nessun canale — no channels. Aprine uno — open one: npm run channels -- open --help\n';
  }
  const table = new Table({
    head: ['Canale', 'Nome', 'Marketplace', 'Account', 'Stato', 'Paese', 'Ordini', 'Importati fino a'],
    style: { head: [], border: [] },
  });
  for (const view of views) {
    table.push([
      view.channelId,
      view.name,
      MARKETPLACE_NAMES[view.marketplace],
      view.accountId,
      channelTexts('it').states[view.account.state],
      view.country,
      view.archivedAt === undefined ? (view.switches.orders ? 'ON' : 'OFF') : 'archiviato',
      view.orders.watermark ?? `— (da ${view.orders.from})`,
    ]);
  }
  return `${table.toString()}\n`;
}

async function show(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values } = parsed(args, { ...STATE_FLAGS, id: { type: 'string' }, json: { type: 'boolean' } });
  const id = required(values.id, '--id');
  const view = await showChannel(acting(values, surroundings), id);
  if (view === undefined) throw notChanged({ outcome: 'unknown-channel' });
  if (values.json === true) return `${JSON.stringify(view, undefined, 2)}\n`;
  const words = (language: Language) => channelTexts(language);
  const both = (word: (language: Language) => string) => `${word('it')} — ${word('en')}`;
  const table = new Table({ style: { head: [], border: [] } });
  table.push(
    ['Canale — channel', `${view.channelId} (${view.name})`],
    ['Account', `${MARKETPLACE_NAMES[view.marketplace]} ${view.accountId}`],
    ['Stato — state', both((language) => words(language).states[view.account.state])],
    ['Paese, siti — country, sites', `${view.country}: ${view.siteIds.join(', ')}`],
    ...SYNC_SWITCHES.map((which) => [
      both((language) => words(language).switches[which]),
      view.switches[which] ? 'ON' : 'OFF',
    ]),
    ['Importati fino a — imported until', view.orders.watermark ?? `— (da, from ${view.orders.from})`],
    ['Ultimo scarico completo — last complete pull', view.orders.lastCompletePullAt ?? '—'],
    ['Ritardo — lag', `${Math.round(view.orders.lagMs / 60_000)} min`],
    ...view.account.expiries.map(({ what, at, daysLeft }) => [
      both((language) => words(language).expiries[what]),
      `${at.slice(0, 10)} (${daysLeft} giorni, days)`,
    ]),
  );
  const told = inBothLanguages((language) => [
    ...view.notices.map((notice) => noticeMessage(notice, language)),
    ...findingsMessages(view.account.findings, language).slice(0, view.notices.length === 0 ? undefined : 2),
  ]);
  return lines([table.toString(), ...told]);
}

async function change(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values } = parsed(args, {
    ...STATE_FLAGS,
    id: { type: 'string' },
    name: { type: 'string' },
    'orders-from': { type: 'string' },
    contract: { type: 'string', multiple: true },
  });
  const id = required(values.id, '--id');
  const changes = {
    name: values.name,
    contracts: contractsOf(values.contract),
    ordersFrom:
      values['orders-from'] === undefined
        ? undefined
        : pastInstant(values['orders-from'], '--orders-from', surroundings.clock.now()),
  };
  if (Object.values(changes).every((value) => value === undefined)) {
    throw new CommandFailure(2, 'Nulla da cambiare — nothing to change. Vedi — see: --help');
  }
  const deps = acting(values, surroundings);
  const channel = await deps.channels.getChannel(id);
  if (channel === undefined) throw notChanged({ outcome: 'unknown-channel' });
  const changed = await changeChannel(deps, id, changes, channel.version ?? 1);
  switch (changed.outcome) {
    case 'invalid':
      throw refused(
        1,
        inBothLanguages((language) => faultMessages(channel.marketplace, changed.faults, language)),
      );
    case 'site-taken':
      throw refused(
        1,
        sentences(({ refusals }) => refusals.siteTaken(changed.by)),
      );
    case 'changed': {
      const { addedSiteIds } = changed;
      return lines([
        `Canale ${id} cambiato — channel ${id} changed.`,
        ...(addedSiteIds.length === 0
          ? []
          : sentences(({ addedSites }) => addedSites(addedSiteIds.join(', ')))),
      ]);
    }
    default:
      throw notChanged(changed);
  }
}

async function archive(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values } = parsed(args, { ...STATE_FLAGS, id: { type: 'string' } });
  const id = required(values.id, '--id');
  const archived = await archiveChannel(acting(values, surroundings), id);
  if (archived.outcome !== 'archived-now') throw notChanged(archived);
  return lines([`Canale ${id} archiviato: i suoi ordini restano — channel ${id} archived: its orders stay.`]);
}

async function credentials(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values } = parsed(args, {
    ...CREDENTIALS_FLAGS,
    ...SIGN_IN_FLAGS,
    marketplace: { type: 'string', default: 'amazon' },
    account: { type: 'string' },
  });
  const marketplace = marketplaceOf(values.marketplace);
  const accountId = required(values.account, '--account');
  const secrets = signInOf(marketplace, surroundings.env);
  if (secrets === undefined) {
    const variables = Object.values(SIGN_IN_VARIABLES[marketplace]).join(', ');
    throw new CommandFailure(2, `missing or wrong in the environment: ${variables}`);
  }
  const saved = await saveCredentials(signingIn(values, surroundings), {
    marketplace,
    accountId,
    secrets,
    issued: issueDatesOf(values, surroundings.clock.now()),
    storeUntested: values['store-untested'] === true,
  });
  const told = inBothLanguages((language) => credentialsMessages(marketplace, saved, language));
  if (saved.outcome !== 'saved') throw refused(1, told);
  return lines(told);
}

async function test(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values } = parsed(args, {
    ...CREDENTIALS_FLAGS,
    marketplace: { type: 'string', default: 'amazon' },
    account: { type: 'string' },
  });
  const marketplace = marketplaceOf(values.marketplace);
  const accountId = required(values.account, '--account');
  const check = await checkAccount(signingIn(values, surroundings), { marketplace, accountId, waits: false });
  switch (check.outcome) {
    case 'no-credentials':
      throw refused(
        1,
        sentences(({ refusals }) => refusals.noCredentials),
      );
    case 'unreadable-credentials':
      throw refused(
        1,
        sentences(({ problems }) => problems['unexpected-answer'](marketplace)),
      );
    case 'no-calls-left':
      throw refused(
        1,
        sentences(({ problems }) => problems.throttled(marketplace)),
      );
    case 'changed-meanwhile':
      throw refused(
        1,
        sentences(({ refusals }) => refusals.conflict),
      );
    case 'checked': {
      const { problem, state, findings } = check.account;
      if (problem !== undefined)
        throw refused(
          1,
          sentences(({ problems }) => problems[problem](marketplace)),
        );
      return lines([
        `${accountId}: ${sentences(({ states }) => states[state]).join(' — ')}`,
        ...inBothLanguages((language) => findingsMessages(findings, language)),
      ]);
    }
  }
}

async function dryRun(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values } = parsed(args, { ...CREDENTIALS_FLAGS, id: { type: 'string' } });
  const id = required(values.id, '--id');
  const deps = signingIn(values, surroundings);
  const channel = await deps.channels.getChannel(id);
  if (channel === undefined) throw notChanged({ outcome: 'unknown-channel' });
  const untilMs = deps.clock.now() + DRY_RUN_MS;
  const answer = await dryRunChannel(
    { ...deps, sources: surroundings.sourcesWith(deps.credentials) },
    id,
    () => untilMs - deps.clock.now(),
  );
  const told = inBothLanguages((language) => dryRunMessages(channel.marketplace, answer, language));
  if (answer.outcome !== 'counted' && answer.outcome !== 'nothing-to-pull') throw refused(1, told);
  return lines(told);
}

async function pull(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values } = parsed(args, { ...STATE_FLAGS, id: { type: 'string' } });
  const id = required(values.id, '--id');
  const asked = await requestSyncNow(await asking(values, id, surroundings), id);
  if (asked.outcome !== 'requested') throw notPulled(asked.outcome);
  return lines([`Ordini di ${id} richiesti — orders of ${id} asked for.`]);
}

async function backfill(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values } = parsed(args, {
    ...STATE_FLAGS,
    id: { type: 'string' },
    from: { type: 'string' },
    until: { type: 'string' },
  });
  const id = required(values.id, '--id');
  const days = { from: required(values.from, '--from'), until: required(values.until, '--until') };
  const asked = await requestBackfill(await asking(values, id, surroundings), id, days);
  if (asked.outcome === 'wrong-dates') {
    throw new CommandFailure(2, `Non valido — not valid: --from, --until (${asked.because})`);
  }
  if (asked.outcome !== 'requested') throw notPulled(asked.outcome);
  return lines([
    `Ordini di ${id} creati dal ${asked.from} al ${asked.until} richiesti — orders created in between asked for.`,
  ]);
}

/** What changes something without signing in anywhere. */
function acting(
  flags: { readonly 'state-table'?: string | undefined },
  { env, clock, sites, stateIn }: Surroundings,
) {
  const settings = environment(envSchema, env, { STATE_TABLE_NAME: flags['state-table'] });
  return { ...stateIn(settings.STATE_TABLE_NAME), actor: 'cli', clock, sites };
}

/** What signs in at a marketplace as well. */
function signingIn(
  flags: {
    readonly 'state-table'?: string | undefined;
    readonly 'credentials-prefix'?: string | undefined;
    readonly 'kms-key'?: string | undefined;
  },
  surroundings: Surroundings,
) {
  const settings = environment(credentialsEnvSchema, surroundings.env, {
    STATE_TABLE_NAME: flags['state-table'],
    CREDENTIALS_PREFIX: flags['credentials-prefix'],
    CREDENTIALS_KEY_ID: flags['kms-key'],
  });
  return {
    ...acting(flags, surroundings),
    credentials: surroundings.credentialsUnder(settings.CREDENTIALS_PREFIX, settings.CREDENTIALS_KEY_ID),
    probings: surroundings.probings,
  };
}

/** What asks for the pulls of one channel's marketplace. */
async function asking(
  flags: { readonly 'state-table'?: string | undefined },
  channelId: string,
  surroundings: Surroundings,
) {
  const deps = acting(flags, surroundings);
  const marketplace = (await deps.channels.getChannel(channelId))?.marketplace;
  if (marketplace === undefined) return { ...deps, queues: {} };
  const variable = QUEUE_VARIABLES[marketplace];
  const url = surroundings.env[variable];
  if (url === undefined) throw new CommandFailure(2, `missing or wrong in the environment: ${variable}`);
  return { ...deps, queues: { [marketplace]: surroundings.queueAt(url) } };
}

function notChanged({ outcome }: Pick<NotChanged, 'outcome'>): CommandFailure {
  return refused(
    1,
    sentences(({ refusals }) => {
      if (outcome === 'unknown-channel') return refusals.unknownChannel;
      return outcome === 'archived' ? refusals.archived : refusals.conflict;
    }),
  );
}

function notPulled(
  outcome: 'unknown-channel' | 'archived' | 'sync-off' | 'revoked' | 'not-supported',
): CommandFailure {
  if (outcome === 'unknown-channel' || outcome === 'archived') return notChanged({ outcome });
  if (outcome === 'not-supported') {
    return new CommandFailure(
      1,
      'Questo marketplace non si può ancora scaricare — this marketplace cannot be pulled yet',
    );
  }
  const code = outcome === 'revoked' ? 'revoked' : 'orders-off';
  return refused(
    1,
    inBothLanguages((language) => [noticeMessage({ code, detail: '' }, language)]),
  );
}

function switchedSentence(what: SyncSwitch, position: 'on' | 'off', ids: readonly string[]): string {
  const on = position === 'on';
  return `${channelTexts('it').switches[what]}: sincronizzazione ${on ? 'ACCESA' : 'SPENTA'} — ${channelTexts('en').switches[what]}: sync ${on ? 'ON' : 'OFF'}: ${ids.join(', ')}`;
}

function sentences(word: (texts: ReturnType<typeof channelTexts>) => string): readonly string[] {
  return inBothLanguages((language) => [word(channelTexts(language))]);
}

function refused(exitCode: 1 | 2, told: readonly string[]): CommandFailure {
  return new CommandFailure(exitCode, told.join('\n'));
}

function lines(told: readonly string[]): string {
  return `${told.join('\n')}\n`;
}
