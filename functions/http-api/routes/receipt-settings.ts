import { receiptSettingTexts } from '../../../shared/domain/texts/receipt-settings/index.ts';
import { receiptTexts } from '../../../shared/domain/texts/receipts/index.ts';
import { Problem, type ProblemKind } from '../../../shared/runtime/http-problem.ts';
import { type AssociateIssuerDeps, associateIssuer } from '../../../shared/usecases/associate-issuer.ts';
import {
  connectIssuer,
  type ReceiptSettingsDeps,
  removeReceiptLogo,
  type SetReceiptSettings,
  setReceiptLogo,
  setReceiptSettings,
  suggestedReceiptSettings,
} from '../../../shared/usecases/receipt-settings.ts';
import type { Answered, ReceiptImplementations } from '../implementation.ts';

export type ReceiptSettingRoutesDeps = Omit<ReceiptSettingsDeps & AssociateIssuerDeps, 'actor'>;
type Settings = Extract<SetReceiptSettings, { outcome: 'set' }>['settings'];
type Channel = Extract<Awaited<ReturnType<typeof associateIssuer>>, { outcome: 'done' }>['channel'];
type Refusal = Extract<SetReceiptSettings, { outcome: 'refused' }>['faults'][number];

export function receiptSettingRoutes(
  deps: ReceiptSettingRoutesDeps,
): Pick<
  ReceiptImplementations,
  | 'readReceiptSettings'
  | 'putReceiptSettings'
  | 'putReceiptLogo'
  | 'deleteReceiptLogo'
  | 'putIssuerConnection'
  | 'readAssociation'
  | 'associateIssuer'
  | 'dissociateIssuer'
> {
  return {
    async readReceiptSettings() {
      const settings = await deps.settings.getSettings();
      return settings === undefined ? shownSettings(suggestedReceiptSettings()) : shownSettings(settings);
    },

    async putReceiptSettings({ body, version, caller }) {
      return set(await setReceiptSettings({ ...deps, actor: caller.subject }, body, version));
    },

    async putReceiptLogo({ body, version, caller }) {
      const picture = Buffer.from(body.picture, 'base64');
      return set(await setReceiptLogo({ ...deps, actor: caller.subject }, picture, version));
    },

    async deleteReceiptLogo({ version, caller }) {
      return set(await removeReceiptLogo({ ...deps, actor: caller.subject }, version));
    },

    async putIssuerConnection({ body, version, caller }) {
      return set(await connectIssuer({ ...deps, actor: caller.subject }, body, version));
    },

    async readAssociation({ params: { channelId } }) {
      const channel = await deps.channels.getChannel(channelId);
      if (channel === undefined) throw new Problem('not-found');
      return shownAssociation(channel);
    },

    async associateIssuer({ params: { channelId }, body, version, caller }) {
      const acting = { ...deps, actor: caller.subject };
      const associated = await associateIssuer(acting, channelId, body, version);
      if (associated.outcome === 'refused') throw refused([{ ...associated, field: '', about: '' }]);
      return shownAssociation(associated.channel);
    },

    async dissociateIssuer({ params: { channelId }, version, caller }) {
      const acting = { ...deps, actor: caller.subject };
      const ended = await associateIssuer(acting, channelId, undefined, version);
      if (ended.outcome === 'refused') throw refused([{ ...ended, field: '', about: '' }]);
      return shownAssociation(ended.channel);
    },
  };
}

function set(answer: SetReceiptSettings): Answered<'putReceiptSettings'> {
  if (answer.outcome === 'refused') throw refused(answer.faults);
  return shownSettings(answer.settings);
}

function shownSettings(
  settings: Omit<Settings, 'seller'> & Partial<Pick<Settings, 'seller'>>,
): Answered<'readReceiptSettings'> {
  const { seller, series, rules, vat, courtesyNotes = {}, logoKey, bitztobe, version } = settings;
  return {
    body: {
      configured: seller !== undefined,
      seller: seller ?? null,
      series,
      rules,
      vat,
      courtesyNotes,
      hasLogo: logoKey !== undefined,
      issuerConnection: bitztobe ?? null,
      version,
    },
    version,
  };
}

function shownAssociation({ channelId, receipts, version = 1 }: Channel): Answered<'readAssociation'> {
  return {
    body: {
      channelId,
      association:
        receipts === undefined
          ? null
          : {
              issuer: receipts.issuer,
              series: receipts.series ?? null,
              automatic: receipts.automatic ?? null,
            },
      missing: receipts === undefined ? receiptTexts('no-association', [channelId]) : null,
      version,
    },
    version,
  };
}

/** Problems of how things stand, or of the issuer; all others are of what was written. */
const KINDS: Readonly<Partial<Record<Refusal['problem'], ProblemKind>>> = {
  'channel-not-here': 'not-found',
  'changed-meanwhile': 'changed-meanwhile',
  'channel-archived': 'conflict',
  'seller-data-missing': 'conflict',
  'connection-missing': 'conflict',
  'connection-in-use': 'conflict',
  'key-refused': 'refused-by-partner',
  'issuer-refused': 'refused-by-partner',
  'issuer-throttled': 'throttled',
  'issuer-unavailable': 'unavailable',
};
/** An issuer that is too busy or away needs about this long. */
const ISSUER_RETRY_MS = 60_000;

/** Everything that is wrong, in words; the code is the first one's. */
function refused(faults: readonly Refusal[]): Problem {
  const [first] = faults;
  if (first === undefined) return new Problem('internal-error');
  const words = faults.map(({ problem, about }) => receiptSettingTexts(problem, about));
  const kind = KINDS[first.problem] ?? 'refused';
  const fields = faults.filter(({ field }) => field !== '');
  return new Problem(kind, {
    code: first.problem,
    words: {
      detail: words.map(({ it }) => it).join(' '),
      detailEn: words.map(({ en }) => en).join(' '),
    },
    ...(fields.length === 0
      ? {}
      : { issues: fields.map(({ field, problem }) => ({ where: 'body', field, rule: problem })) }),
    ...(kind === 'throttled' || kind === 'unavailable' ? { retryAfterMs: ISSUER_RETRY_MS } : {}),
  });
}
