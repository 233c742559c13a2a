import type { Channel } from '../domain/channel.ts';
import { isoInstant } from '../domain/pull-window.ts';
import {
  type ReceiptAssociation,
  type ReceiptSettings,
  receiptLanguage,
} from '../domain/receipt-settings.ts';
import type { ReceiptSettingProblem } from '../domain/receipt-settings-check.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { IssuerKeyStore } from '../ports/issuer-keys.ts';
import type { IssuerAssociations, IssuerConnection } from '../ports/receipt-issuer.ts';
import type { ReceiptSettingsStore } from '../ports/receipt-settings-store.ts';
import { type Acting, noteActivity } from './acting.ts';
import { problemAt } from './receipt-settings.ts';

export interface AssociateIssuerDeps extends Acting {
  readonly channels: Pick<ChannelStore, 'getChannel' | 'changeSettings'>;
  readonly settings: Pick<ReceiptSettingsStore, 'getSettings'>;
  readonly associations: IssuerAssociations;
  readonly keys: IssuerKeyStore;
}

export type AssociatedIssuer =
  | { readonly outcome: 'done'; readonly channel: Channel }
  | { readonly outcome: 'refused'; readonly problem: ReceiptSettingProblem };

/**
 * Associates a channel with who issues its receipts, or with nobody (`undefined`), when its settings are still those of
 * `expectedVersion`. The other issuer is told first: one that does not know the channel would refuse its documents. What
 * is wanted is written down before it is told, and what came of it after; a repeated request changes nothing twice.
 */
export async function associateIssuer(
  deps: AssociateIssuerDeps,
  channelId: string,
  wanted: ReceiptAssociation | undefined,
  expectedVersion: number,
): Promise<AssociatedIssuer> {
  const channel = await deps.channels.getChannel(channelId);
  if (channel === undefined) return refused('channel-not-here');
  if (channel.archivedAt !== undefined && wanted !== undefined) return refused('channel-archived');
  const { version = 1 } = channel;
  if (version !== expectedVersion) return refused('changed-meanwhile');
  const settings = await deps.settings.getSettings();
  if (wanted !== undefined && settings === undefined) return refused('seller-data-missing');
  if (wanted?.issuer === 'bitztobe' && wanted.series !== undefined) return refused('series-of-the-issuer');

  const association = wanted && withUtcStart(wanted);
  const involved = [association?.issuer, channel.receipts?.issuer].includes('bitztobe');
  const problem = involved ? await tell(deps, channel, association, settings) : undefined;
  if (problem !== undefined) return refused(problem);

  const changed = await deps.channels.changeSettings(channelId, { receipts: association }, expectedVersion);
  if (changed === 'conflict') return refused('changed-meanwhile');
  await noteActivity(deps, {
    action: association === undefined ? 'receipt-issuer-dissociated' : 'receipt-issuer-associated',
    subject: `channel/${channelId}`,
    before: facts(channel.receipts),
    after: facts(association),
  });
  return { outcome: 'done', channel: { ...channel, receipts: association, version: expectedVersion + 1 } };
}

/** Tells the other issuer what the channel is to be there; why it did not take it, or undefined when it did. */
async function tell(
  deps: AssociateIssuerDeps,
  { channelId, country, receipts }: Channel,
  association: ReceiptAssociation | undefined,
  settings: ReceiptSettings | undefined,
): Promise<ReceiptSettingProblem | undefined> {
  const connection = await connectionOf(deps, settings);
  if (connection === undefined) return 'connection-missing';
  const isWanted = association?.issuer === 'bitztobe';
  await noteActivity(deps, {
    action: isWanted ? 'receipt-issuer-association-wanted' : 'receipt-issuer-dissociation-wanted',
    subject: `channel/${channelId}`,
    before: facts(receipts),
    after: facts(association),
  });
  const language = receiptLanguage(country);
  const automaticFrom = association?.automatic?.from;
  const problem = await problemAt(() =>
    isWanted
      ? deps.associations.associate(connection, { channelId, language, automaticFrom })
      : deps.associations.dissociate(connection, channelId),
  );
  if (problem !== undefined) {
    await noteActivity(deps, {
      action: 'receipt-issuer-association-failed',
      subject: `channel/${channelId}`,
      after: { problem },
    });
  }
  return problem;
}

async function connectionOf(
  { keys }: Pick<AssociateIssuerDeps, 'keys'>,
  settings: ReceiptSettings | undefined,
): Promise<IssuerConnection | undefined> {
  if (settings?.bitztobe === undefined) return undefined;
  const apiKey = await keys.getKey();
  return apiKey === undefined ? undefined : { ...settings.bitztobe, apiKey };
}

/** Instants are compared as text: all of them in UTC, to the millisecond. */
function withUtcStart(association: ReceiptAssociation): ReceiptAssociation {
  const { automatic } = association;
  return automatic === undefined
    ? association
    : { ...association, automatic: { ...automatic, from: isoInstant(Date.parse(automatic.from)) } };
}

function facts(association: ReceiptAssociation | undefined) {
  return {
    issuer: association?.issuer ?? null,
    series: association?.series ?? null,
    automaticStatus: association?.automatic?.status ?? null,
    automaticFrom: association?.automatic?.from ?? null,
  };
}

function refused(problem: ReceiptSettingProblem): AssociatedIssuer {
  return { outcome: 'refused', problem };
}
