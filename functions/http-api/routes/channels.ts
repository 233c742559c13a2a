import { Problem } from '../../../shared/runtime/http-problem.ts';
import {
  archiveChannel,
  changeChannel,
  type NotChanged,
  type SwitchSyncDeps,
  switchSync,
} from '../../../shared/usecases/change-channel.ts';
import { type OpenChannelDeps, openChannel } from '../../../shared/usecases/open-channel.ts';
import type { AskForPullsDeps } from '../../../shared/usecases/pulled-accounts.ts';
import { type PullRefusal, requestBackfill, requestSyncNow } from '../../../shared/usecases/request-pull.ts';
import { showAccounts } from '../../../shared/usecases/show-accounts.ts';
import { type ShowChannelDeps, showChannel, showChannels } from '../../../shared/usecases/show-channel.ts';
import type { Answered, Implementations } from '../implementation.ts';

type ChannelDeps = Omit<OpenChannelDeps & SwitchSyncDeps, 'actor'> & AskForPullsDeps & ShowChannelDeps;

export function channelRoutes(
  deps: ChannelDeps,
): Pick<
  Implementations,
  | 'listChannels'
  | 'openChannel'
  | 'readChannel'
  | 'changeChannel'
  | 'switchSync'
  | 'archiveChannel'
  | 'requestSync'
  | 'requestBackfill'
  | 'listAccounts'
> {
  const shown = async (channelId: string): Promise<Answered<'readChannel'>> => {
    const channel = await showChannel(deps, channelId);
    if (channel === undefined) throw new Problem('not-found');
    return { body: channelDocument(channel), version: channel.version };
  };

  return {
    listChannels: async () => ({ body: { channels: (await showChannels(deps)).map(channelDocument) } }),

    listAccounts: async () => ({ body: { accounts: (await showAccounts(deps)).map(accountDocument) } }),

    readChannel: ({ params: { channelId } }) => shown(channelId),

    async openChannel({ body, caller }) {
      const opened = await openChannel({ ...deps, actor: caller.subject }, body, 'later');
      switch (opened.outcome) {
        case 'opened':
          return shown(opened.channel.channelId);
        case 'invalid':
          throw faulty(opened.faults);
        case 'id-taken':
        case 'site-taken':
          throw new Problem('conflict', { code: opened.outcome });
        default:
          throw new Problem('refused', { code: opened.outcome });
      }
    },

    async changeChannel({ params: { channelId }, body, version, caller }) {
      const changed = await changeChannel({ ...deps, actor: caller.subject }, channelId, body, version);
      switch (changed.outcome) {
        case 'changed':
          return shown(channelId);
        case 'invalid':
          throw faulty(changed.faults);
        case 'site-taken':
          throw new Problem('conflict', { code: changed.outcome });
        default:
          throw notChanged(changed);
      }
    },

    async switchSync({ params, body, version, caller }) {
      const { channelId, switch: which } = params;
      const acting = { ...deps, actor: caller.subject };
      const switched = await switchSync(acting, channelId, which, body.on, version);
      if (switched.outcome === 'switched') return shown(channelId);
      if (switched.outcome === 'no-credentials') throw new Problem('conflict', { code: 'no-credentials' });
      throw notChanged(switched);
    },

    async archiveChannel({ params: { channelId }, version, caller }) {
      const archived = await archiveChannel({ ...deps, actor: caller.subject }, channelId, version);
      if (archived.outcome === 'archived-now') return shown(channelId);
      throw notChanged(archived);
    },

    async requestSync({ params: { channelId } }) {
      const asked = await requestSyncNow(deps, channelId);
      if (asked.outcome !== 'requested') throw notPulled(asked);
      return { body: { requested: true } };
    },

    async requestBackfill({ params: { channelId }, body }) {
      const asked = await requestBackfill(deps, channelId, body);
      if (asked.outcome === 'wrong-dates') throw new Problem('refused', { code: asked.because });
      if (asked.outcome !== 'requested') throw notPulled(asked);
      return { body: { from: asked.from, until: asked.until } };
    },
  };
}

function faulty(faults: readonly string[]): Problem {
  return new Problem('refused', {
    code: 'invalid-channel',
    issues: faults.map((rule) => ({ where: 'body' as const, field: '', rule })),
  });
}

function notChanged({ outcome }: NotChanged): Problem {
  if (outcome === 'unknown-channel') return new Problem('not-found');
  return outcome === 'archived'
    ? new Problem('conflict', { code: 'archived' })
    : new Problem('changed-meanwhile');
}

function notPulled({ outcome }: PullRefusal): Problem {
  return outcome === 'unknown-channel'
    ? new Problem('not-found')
    : new Problem('conflict', { code: outcome });
}

function channelDocument(
  channel: Awaited<ReturnType<typeof showChannels>>[number],
): Answered<'readChannel'>['body'] {
  const { marketplace, accountId, orders, personalDataModule, archivedAt, account } = channel;
  return {
    ...channel,
    personalDataModule: personalDataModule ?? null,
    archivedAt: archivedAt ?? null,
    orders: {
      ...orders,
      watermark: orders.watermark ?? null,
      lastCompletePullAt: orders.lastCompletePullAt ?? null,
    },
    account: accountDocument({ ...account, marketplace, accountId }),
  };
}

/** An account in the words of the contract. */
export function accountDocument(
  account: Awaited<ReturnType<typeof showAccounts>>[number],
): Answered<'listAccounts'>['body']['accounts'][number] {
  const { since, checkedAt, problem, credentialsSavedAt, findings } = account;
  return {
    ...account,
    since: since ?? null,
    checkedAt: checkedAt ?? null,
    problem: problem ?? null,
    credentialsSavedAt: credentialsSavedAt ?? null,
    findings: findings ? { ...findings, shopName: findings.shopName ?? null } : null,
  };
}
