import { PartnerError, RejectedError, ThrottledError, UnavailableError } from '../domain/errors.ts';
import { providerBaseUrl } from '../domain/provider-account.ts';
import { defaultReceiptSettings, type ReceiptSettings } from '../domain/receipt-settings.ts';
import {
  type ReceiptSettingFault,
  type ReceiptSettingProblem,
  receiptSettingFaults,
} from '../domain/receipt-settings-check.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { IssuerKeyStore } from '../ports/issuer-keys.ts';
import type { IssuerAssociations } from '../ports/receipt-issuer.ts';
import type { ReceiptSettingsStore } from '../ports/receipt-settings-store.ts';
import type { ReceiptShelf } from '../ports/receipt-shelf.ts';
import { type Acting, noteActivity } from './acting.ts';

export interface ReceiptSettingsDeps extends Acting {
  readonly settings: ReceiptSettingsStore;
  readonly shelf: Pick<ReceiptShelf, 'keepLogo'>;
  /** Looks into a picture to its end; what is wrong with it, or what it is. */
  readonly checkLogo: (
    picture: Uint8Array,
  ) => { readonly mediaType: 'image/png' | 'image/jpeg' } | ReceiptSettingProblem;
  readonly associations: IssuerAssociations;
  readonly keys: IssuerKeyStore;
  readonly channels: Pick<ChannelStore, 'listChannels'>;
}

/** What a person sets in one go; logo and issuer are set by themselves. */
export type GivenReceiptSettings = Pick<
  ReceiptSettings,
  'seller' | 'series' | 'rules' | 'vat' | 'courtesyNotes'
>;

export type SetReceiptSettings =
  | { readonly outcome: 'set'; readonly settings: ReceiptSettings }
  | { readonly outcome: 'refused'; readonly faults: readonly ReceiptSettingFault[] };

/** What we would begin with: everything but who sells. */
export function suggestedReceiptSettings(): Omit<ReceiptSettings, 'seller'> {
  const nobody = {
    legalName: '',
    addressLines: [],
    postalCode: '',
    city: '',
    country: 'IT',
    vatNumber: '',
  };
  const { seller: _, ...settings } = defaultReceiptSettings(nobody);
  return { ...settings, version: 0 };
}

/** Sets who sells and what is decided by which rules. What was issued before stays as it is. */
export async function setReceiptSettings(
  deps: ReceiptSettingsDeps,
  given: GivenReceiptSettings,
  expectedVersion: number,
): Promise<SetReceiptSettings> {
  const faults = receiptSettingFaults(given);
  if (faults.length > 0) return { outcome: 'refused', faults };
  const before = await deps.settings.getSettings();
  const { logoKey, bitztobe } = before ?? {};
  return put(deps, { ...given, logoKey, bitztobe, version: 0 }, expectedVersion, {
    action: 'receipt-settings-changed',
    before: before === undefined ? undefined : facts(before),
    after: facts(given),
  });
}

/** Sets the logo, when it is sure that it can be drawn: one that cannot would leave void numbers behind. */
export async function setReceiptLogo(
  deps: ReceiptSettingsDeps,
  picture: Uint8Array,
  expectedVersion: number,
): Promise<SetReceiptSettings> {
  const before = await deps.settings.getSettings();
  if (before === undefined) return refused('seller-data-missing');
  if (before.version !== expectedVersion) return refused('changed-meanwhile');
  const checked = deps.checkLogo(picture);
  if (typeof checked === 'string') return refused(checked, 'picture');
  const { key: logoKey } = await deps.shelf.keepLogo(picture, checked.mediaType);
  return put(deps, { ...before, logoKey }, expectedVersion, {
    action: 'receipt-logo-set',
    before: { logoKey: before.logoKey ?? null },
    after: { logoKey },
  });
}

/** Takes the logo off documents to come. */
export async function removeReceiptLogo(
  deps: ReceiptSettingsDeps,
  expectedVersion: number,
): Promise<SetReceiptSettings> {
  const before = await deps.settings.getSettings();
  if (before === undefined) return refused('seller-data-missing');
  return put(deps, { ...before, logoKey: undefined }, expectedVersion, {
    action: 'receipt-logo-removed',
    before: { logoKey: before.logoKey ?? null },
    after: { logoKey: null },
  });
}

/**
 * Sets how the other issuer is reached. It is asked something harmless first, so that a wrong address or key is never
 * stored; without a key in the request the stored one is tried at the same address only.
 */
export async function connectIssuer(
  deps: ReceiptSettingsDeps,
  given: { readonly baseUrl: string; readonly issuerAccountId: string; readonly apiKey?: string | undefined },
  expectedVersion: number,
): Promise<SetReceiptSettings> {
  const before = await deps.settings.getSettings();
  if (before === undefined) return refused('seller-data-missing');
  if (before.version !== expectedVersion) return refused('changed-meanwhile');
  const baseUrl = providerBaseUrl(given.baseUrl);
  if (baseUrl === undefined) return refused('address-not-allowed', 'baseUrl');
  const { issuerAccountId } = given;
  const known = before.bitztobe;
  const isElsewhere = known?.baseUrl !== baseUrl || known.issuerAccountId !== issuerAccountId;
  const inUse = (await deps.channels.listChannels()).filter(
    ({ receipts }) => receipts?.issuer === 'bitztobe',
  );
  // Their associations, and documents that are being made, are at the one before.
  if (known !== undefined && isElsewhere && inUse.length > 0) {
    return refused('connection-in-use', 'baseUrl', inUse.map(({ channelId }) => channelId).join(', '));
  }
  const apiKey = given.apiKey ?? (isElsewhere ? undefined : await deps.keys.getKey());
  if (apiKey === undefined) return refused('key-missing', 'apiKey');
  const problem = await problemAt(() => deps.associations.check({ baseUrl, issuerAccountId, apiKey }));
  if (problem !== undefined) return refused(problem);
  if (given.apiKey !== undefined) await deps.keys.putKey(given.apiKey);
  return put(deps, { ...before, bitztobe: { baseUrl, issuerAccountId } }, expectedVersion, {
    action: 'receipt-issuer-connected',
    before: { baseUrl: known?.baseUrl ?? null, issuerAccountId: known?.issuerAccountId ?? null },
    after: { baseUrl, issuerAccountId, keyReplaced: given.apiKey !== undefined },
  });
}

/** Asks the other issuer something; why it did not do it, or undefined when it did. */
export async function problemAt(ask: () => Promise<void>): Promise<ReceiptSettingProblem | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (!(error instanceof PartnerError) || error.partner !== 'bitztobe') throw error;
    if (error instanceof ThrottledError) return 'issuer-throttled';
    if (error instanceof UnavailableError) return 'issuer-unavailable';
    return error instanceof RejectedError ? 'key-refused' : 'issuer-refused';
  }
}

async function put(
  deps: ReceiptSettingsDeps,
  settings: ReceiptSettings,
  expectedVersion: number,
  done: Omit<Parameters<typeof noteActivity>[1], 'subject'>,
): Promise<SetReceiptSettings> {
  const version = expectedVersion + 1;
  const next = { ...settings, version };
  if ((await deps.settings.putSettings(next, expectedVersion)) === 'conflict') {
    return refused('changed-meanwhile');
  }
  await noteActivity(deps, { ...done, subject: 'receipt-settings' });
  return { outcome: 'set', settings: next };
}

/** What tells a change from the one before; the seller's address and the rates are in the settings themselves. */
function facts({ seller, series, rules, vat }: GivenReceiptSettings) {
  return {
    vatNumber: seller.vatNumber,
    series,
    rules: rules.map(({ ruleId, document }) => `${ruleId}: ${document}`),
    oneStopShop: vat.oneStopShop,
    standardRates: Object.entries(vat.standardRates).map(([country, rate]) => `${country} ${rate}`),
    productRates: vat.productRates.length,
  };
}

function refused(
  problem: ReceiptSettingProblem,
  field = '',
  about = '',
): Extract<SetReceiptSettings, { outcome: 'refused' }> {
  return { outcome: 'refused', faults: [{ problem, field, about }] };
}
