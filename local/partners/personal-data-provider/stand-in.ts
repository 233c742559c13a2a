import { createHash } from 'node:crypto';
import * as z from 'zod';
import { CONNECTION_DROPPED, type Partner, type PartnerAnswer, type PartnerRequest } from '../partner.ts';
import { ProviderRefusal, problemAnswer, successAnswer } from './answers.ts';

/** What the next call meets instead of an answer. */
export type ProviderTrouble =
  | 'throttled'
  | 'server-error'
  /** The call is carried out, and nobody hears of it. */
  | 'answer-lost'
  | 'dropped'
  /** 200 with half of the body. */
  | 'truncated';

export interface ProviderModule {
  readonly id: string;
  readonly accountId: string;
  readonly kind: string;
  /** ISO 3166-1 alpha-2. */
  readonly marketplace: string;
  readonly label: string;
}

/** The person behind an order, as the provider knows them. Invented, always. */
export interface ProviderPerson {
  readonly buyer: {
    readonly name: string;
    readonly companyName?: string;
    readonly email?: string;
    readonly phone?: string;
  };
  readonly shippingAddress: ProviderAddress;
  readonly billingAddress?: ProviderAddress;
  readonly taxIds: readonly {
    readonly type: 'CODICE_FISCALE' | 'VAT' | 'PEC' | 'SDI_CODE';
    readonly value: string;
  }[];
}
export interface ProviderAddress {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string;
  readonly line3?: string;
  readonly city: string;
  readonly province?: string;
  readonly postalCode: string;
  readonly countryIso: string;
}

interface Account {
  readonly id: string;
  readonly externalId: string;
  readonly legalName: string;
  readonly vatNumber: string;
  readonly contactEmail: string;
  readonly status: 'PENDING' | 'ACTIVE' | 'SUSPENDED' | 'EXPIRED';
  readonly expiresAt: string;
}

type Known = { readonly person: ProviderPerson } | 'expired' | 'broken';

/** A provider of personal data by docs/personal-data-provider.openapi.json, stricter than a real one may be. */
export interface PersonalDataProviderStandIn extends Partner {
  readonly account: (id: string) => Account | undefined;
  readonly matches: ReadonlyMap<string, string>;
  /** Orders whose data it was told to delete. */
  readonly deleted: ReadonlySet<string>;
  readonly calls: ReadonlyMap<string, number>;
  addModule(module: ProviderModule): void;
  /** Makes an order's person known; `expired` when the time is over, `broken` for an answer against the contract. */
  putPerson(orderId: string, known: Known): void;
  /** The contract ends, or goes on. */
  setStatus(accountId: string, status: Account['status']): void;
  /** The module no longer belongs to anyone, as somebody decided at the provider. */
  forgetMatch(moduleId: string): void;
  /** Another key from now on. */
  renewKey(apiKey: string): void;
  trouble(what: ProviderTrouble, calls: number): void;
}

const BATCH_MAX = 50;
const YEAR_MS = 365 * 86_400_000;
const RETRY_AFTER_SECONDS = 60;

const newAccountSchema = z.strictObject({
  externalId: z.string().min(1),
  legalName: z.string().min(1),
  vatNumber: z.string().min(1),
  contactEmail: z.email(),
});
const accountChangesSchema = newAccountSchema.omit({ externalId: true }).partial();
const matchSchema = z.strictObject({
  channelId: z.string().min(1),
  channelCountry: z.string().regex(/^[A-Z]{2}$/),
});
const batchSchema = z.strictObject({ orderIds: z.array(z.string().min(1)).min(1).max(BATCH_MAX) });

export function createPersonalDataProvider(options: {
  readonly host: string;
  readonly apiKey: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How long the provider takes to get a person's data after it was first asked; 0 for data it has. */
  readonly fetchingMs: number;
  /** How long it keeps it then. */
  readonly availableMs: number;
  /** Modules that the first account opened finds there. */
  readonly shops?: readonly Omit<ProviderModule, 'accountId'>[];
}): PersonalDataProviderStandIn {
  const { now } = options;
  let apiKey = options.apiKey;
  const accounts = new Map<string, Account>();
  const modules = new Map<string, ProviderModule>();
  const matches = new Map<string, string>();
  const people = new Map<string, Known>();
  const askedAtMs = new Map<string, number>();
  const deleted = new Set<string>();
  const calls = new Map<string, number>();
  const troubles: ProviderTrouble[] = [];

  const accountOf = (id: string): Account => {
    const account = accounts.get(id);
    if (account === undefined) throw new ProviderRefusal(404, 'ACCOUNT_NOT_FOUND');
    return account;
  };
  const activeModule = (moduleId: string): ProviderModule => {
    const module = modules.get(moduleId);
    if (module === undefined) throw new ProviderRefusal(404, 'MODULE_NOT_FOUND');
    if (accountOf(module.accountId).status !== 'ACTIVE') throw new ProviderRefusal(403, 'ACCOUNT_SUSPENDED');
    return module;
  };

  function personalInformation(moduleId: string, orderId: string): PartnerAnswer {
    activeModule(moduleId);
    if (!matches.has(moduleId)) throw new ProviderRefusal(409, 'MODULE_NOT_MATCHED');
    const known = people.get(orderId);
    if (known === undefined) throw new ProviderRefusal(404, 'ORDER_NOT_FOUND');
    if (known === 'expired') throw new ProviderRefusal(410, 'EXPIRED');
    const asked = askedAtMs.get(orderId) ?? now();
    askedAtMs.set(orderId, asked);
    const fetchedMs = asked + options.fetchingMs;
    if (now() < fetchedMs) {
      const seconds = Math.ceil((fetchedMs - now()) / 1000);
      return successAnswer('personalInformation', 202, undefined, { 'retry-after': String(seconds) });
    }
    if (known === 'broken') return successAnswer('personalInformation', 200, { orderId });
    const body = {
      orderId,
      ...known.person,
      fetchedAt: new Date(fetchedMs).toISOString(),
      availableUntil: new Date(fetchedMs + options.availableMs).toISOString(),
    };
    return successAnswer('personalInformation', 200, body);
  }

  const operations: readonly {
    readonly name: string;
    readonly method: string;
    readonly path: RegExp;
    readonly answer: (request: PartnerRequest, parts: readonly string[]) => PartnerAnswer;
  }[] = [
    {
      name: 'createAccount',
      method: 'POST',
      path: /^\/v1\/accounts$/,
      answer: (request) => {
        const wanted = bodyOf(request, newAccountSchema);
        const existing = [...accounts.values()].find(({ externalId }) => externalId === wanted.externalId);
        if (existing !== undefined) return accountAnswer('createAccount', 200, existing);
        const account: Account = {
          id: `acc-${accounts.size + 1}`,
          ...wanted,
          status: 'ACTIVE',
          expiresAt: new Date(now() + YEAR_MS).toISOString(),
        };
        if (accounts.size === 0) {
          for (const shop of options.shops ?? []) modules.set(shop.id, { ...shop, accountId: account.id });
        }
        accounts.set(account.id, account);
        return accountAnswer('createAccount', 201, account);
      },
    },
    {
      name: 'findAccounts',
      method: 'GET',
      path: /^\/v1\/accounts$/,
      answer: ({ url }) => {
        const wanted = url.searchParams.get('externalId');
        if (!wanted) throw new ProviderRefusal(400, 'EXTERNAL_ID_MISSING');
        const found = [...accounts.values()].filter(({ externalId }) => externalId === wanted);
        return successAnswer('findAccounts', 200, { accounts: found });
      },
    },
    {
      name: 'readAccount',
      method: 'GET',
      path: /^\/v1\/accounts\/([^/]+)$/,
      answer: (_, [id = '']) => accountAnswer('readAccount', 200, accountOf(id)),
    },
    {
      name: 'changeAccount',
      method: 'PATCH',
      path: /^\/v1\/accounts\/([^/]+)$/,
      answer: (request, [id = '']) => {
        const account = accountOf(id);
        const condition = request.headers['if-match'];
        if (condition === undefined) throw new ProviderRefusal(428, 'IF_MATCH_MISSING');
        if (condition !== etagOf(account)) throw new ProviderRefusal(412, 'ACCOUNT_CHANGED');
        const changes = bodyOf(request, accountChangesSchema);
        const changed: Account = {
          ...account,
          legalName: changes.legalName ?? account.legalName,
          vatNumber: changes.vatNumber ?? account.vatNumber,
          contactEmail: changes.contactEmail ?? account.contactEmail,
        };
        accounts.set(id, changed);
        return accountAnswer('changeAccount', 200, changed);
      },
    },
    {
      name: 'listModules',
      method: 'GET',
      path: /^\/v1\/accounts\/([^/]+)\/modules$/,
      answer: (_, [id = '']) => {
        accountOf(id);
        const own = [...modules.values()].filter(({ accountId }) => accountId === id);
        return successAnswer('listModules', 200, {
          modules: own.map(({ accountId: _owner, ...module }) => {
            const matchedChannel = matches.get(module.id);
            return {
              ...module,
              status: 'ACTIVE',
              ...(matchedChannel === undefined ? {} : { matchedChannel }),
            };
          }),
        });
      },
    },
    {
      name: 'matchModule',
      method: 'PUT',
      path: /^\/v1\/accounts\/([^/]+)\/modules\/([^/]+)\/match$/,
      answer: (request, [id = '', moduleId = '']) => {
        accountOf(id);
        const module = activeModule(moduleId);
        if (module.accountId !== id) throw new ProviderRefusal(404, 'MODULE_NOT_FOUND');
        const { channelId, channelCountry } = bodyOf(request, matchSchema);
        const matched = matches.get(moduleId);
        if (matched !== undefined && matched !== channelId)
          throw new ProviderRefusal(409, 'MODULE_ALREADY_MATCHED');
        if ([...matches].some(([other, channel]) => other !== moduleId && channel === channelId)) {
          throw new ProviderRefusal(409, 'CHANNEL_ALREADY_MATCHED');
        }
        if (module.marketplace !== channelCountry) throw new ProviderRefusal(422, 'COUNTRY_MISMATCH');
        matches.set(moduleId, channelId);
        return successAnswer('matchModule', 200, { moduleId, channelId });
      },
    },
    {
      name: 'unmatchModule',
      method: 'DELETE',
      path: /^\/v1\/accounts\/([^/]+)\/modules\/([^/]+)\/match$/,
      answer: (_, [id = '', moduleId = '']) => {
        accountOf(id);
        if (modules.get(moduleId)?.accountId !== id) throw new ProviderRefusal(404, 'MODULE_NOT_FOUND');
        matches.delete(moduleId);
        return successAnswer('unmatchModule', 204, undefined);
      },
    },
    {
      name: 'personalInformation',
      method: 'GET',
      path: /^\/v1\/modules\/([^/]+)\/orders\/([^/]+)\/personal-information$/,
      answer: (_, [moduleId = '', orderId = '']) => personalInformation(moduleId, orderId),
    },
    {
      name: 'deletePersonalInformation',
      method: 'DELETE',
      path: /^\/v1\/modules\/([^/]+)\/orders\/([^/]+)\/personal-information$/,
      answer: (_, [moduleId = '', orderId = '']) => {
        if (!modules.has(moduleId)) throw new ProviderRefusal(404, 'MODULE_NOT_FOUND');
        people.delete(orderId);
        deleted.add(orderId);
        return successAnswer('deletePersonalInformation', 204, undefined);
      },
    },
    {
      name: 'personalInformationBatch',
      method: 'POST',
      path: /^\/v1\/modules\/([^/]+)\/personal-information:batch$/,
      answer: (request, [moduleId = '']) => {
        const { orderIds } = bodyOf(request, batchSchema);
        activeModule(moduleId);
        if (!matches.has(moduleId)) throw new ProviderRefusal(409, 'MODULE_NOT_MATCHED');
        const results = orderIds.map((orderId) =>
          resultOf(orderId, () => personalInformation(moduleId, orderId)),
        );
        return successAnswer('personalInformationBatch', 200, { results });
      },
    },
  ];

  return {
    name: 'personal-data-provider',
    hosts: [options.host],
    matches,
    deleted,
    calls,
    account: (id) => accounts.get(id),
    addModule: (module) => modules.set(module.id, module),
    putPerson: (orderId, known) => people.set(orderId, known),
    setStatus: (id, status) => accounts.set(id, { ...accountOf(id), status }),
    forgetMatch: (moduleId) => matches.delete(moduleId),
    renewKey(key) {
      apiKey = key;
    },
    trouble: (what, count) => troubles.push(...Array.from({ length: count }, () => what)),
    answer(request) {
      const operation = operations.find(
        ({ method, path }) => method === request.method && path.test(request.url.pathname),
      );
      const name = operation?.name ?? 'unknown';
      calls.set(name, (calls.get(name) ?? 0) + 1);
      try {
        if (request.headers.authorization !== `Bearer ${apiKey}`)
          throw new ProviderRefusal(401, 'KEY_REFUSED');
        if (!/^[\w-]{8,64}$/.test(request.headers['x-request-id'] ?? '')) {
          throw new ProviderRefusal(400, 'REQUEST_ID_MISSING');
        }
        const trouble = troubles.shift();
        if (trouble === 'dropped') return CONNECTION_DROPPED;
        if (trouble === 'server-error') throw new ProviderRefusal(503, 'UNAVAILABLE');
        if (trouble === 'throttled') throw new ProviderRefusal(429, 'TOO_MANY_REQUESTS', RETRY_AFTER_SECONDS);
        if (operation === undefined) throw new ProviderRefusal(404, 'NO_SUCH_OPERATION');
        const parts = operation.path.exec(request.url.pathname)?.slice(1) ?? [];
        const answer = operation.answer(request, parts.map(decodeURIComponent));
        if (trouble === 'answer-lost') return CONNECTION_DROPPED;
        if (trouble === 'truncated') return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
        return answer;
      } catch (error) {
        if (error instanceof ProviderRefusal) return problemAnswer(name, error);
        throw error;
      }
    },
  };
}

function bodyOf<Schema extends z.ZodType>(request: PartnerRequest, schema: Schema): z.output<Schema> {
  if (!request.headers['content-type']?.startsWith('application/json')) {
    throw new ProviderRefusal(415, 'NOT_JSON');
  }
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    throw new ProviderRefusal(400, 'NOT_JSON');
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new ProviderRefusal(400, 'BODY_NOT_VALID');
  return parsed.data;
}

function accountAnswer(operation: string, status: number, account: Account): PartnerAnswer {
  return successAnswer(operation, status, account, { etag: etagOf(account) });
}

function etagOf(account: Account): string {
  return `"${createHash('sha256').update(JSON.stringify(account)).digest('hex').slice(0, 16)}"`;
}

/** One order of a batch: what the single call would have said. */
function resultOf(orderId: string, answer: () => PartnerAnswer): object {
  try {
    const { status, body, headers } = answer();
    if (status === 202) return { orderId, status, retryAfter: Number(headers['retry-after']) };
    return { orderId, status, personalInformation: JSON.parse(body) };
  } catch (error) {
    if (error instanceof ProviderRefusal) return { orderId, status: error.status, code: error.code };
    throw error;
  }
}
