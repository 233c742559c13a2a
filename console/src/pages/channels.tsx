import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Switch } from 'react-aria-components/Switch';
import { Link } from 'wouter';
import type { Answer } from '../api/client.ts';
import { useAnswer } from '../api/hooks.ts';
import { useApi, useMay } from '../session/context.tsx';
import { useSpeech } from '../texts/context.tsx';
import { Facts, Page, Tag } from '../ui/parts.tsx';
import { Empty, Failed, Loading } from '../ui/states.tsx';

type Channel = Answer<'listChannels'>['channels'][number];
type SwitchName = keyof Channel['switches'];

const MINUTE_MS = 60_000;
const REFRESH_MS = 30_000;
const TONES = { working: 'good', failing: 'warn', revoked: 'bad', unknown: 'plain' } as const;

export default function Channels() {
  const { texts } = useSpeech();
  const may = useMay('owner', 'operator');
  const list = useAnswer('listChannels', {}, { refetchInterval: REFRESH_MS });
  return (
    <Page
      title={texts.channels.title}
      aside={
        may ? (
          <Link className="button" href="/canali/nuovo">
            {texts.channels.open}
          </Link>
        ) : null
      }
    >
      {list.isPending ? (
        <Loading />
      ) : list.error !== null ? (
        <Failed error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.channels.length === 0 ? (
        <Empty>{texts.channels.empty}</Empty>
      ) : (
        <div className="cards">
          {list.data.channels.map((channel) => (
            <ChannelCard key={channel.channelId} channel={channel} />
          ))}
        </div>
      )}
    </Page>
  );
}

function ChannelCard({ channel }: { readonly channel: Channel }) {
  const { texts, formats } = useSpeech();
  const api = useApi();
  const queries = useQueryClient();
  const may = useMay('owner', 'operator');
  const maySync = useMay('owner', 'operator', 'warehouse');
  const { channelId, account, orders } = channel;
  const again = () => queries.invalidateQueries({ queryKey: ['listChannels'] });
  const flip = useMutation({
    mutationFn: ({ name, on }: { name: SwitchName; on: boolean }) =>
      api.call('switchSync', { params: { channelId, switch: name }, body: { on }, version: channel.version }),
    onSettled: again,
  });
  const sync = useMutation({ mutationFn: () => api.call('requestSync', { params: { channelId } }) });
  const failed = flip.error ?? sync.error;
  return (
    <section className="card" aria-label={channel.name}>
      <h2>
        {channel.name} <Tag tone={TONES[account.state]}>{texts.channels.accountStates[account.state]}</Tag>
      </h2>
      {channel.notices.map(({ code, detail }) => (
        <p key={code} className="notice">
          {detail}
        </p>
      ))}
      <Facts
        facts={[
          ['', `${channel.marketplace} · ${channel.country}`],
          [texts.channels.account, channel.accountId],
          [
            texts.channels.lastPull,
            orders.lastCompletePullAt === null
              ? texts.channels.never
              : formats.dayAndTime(orders.lastCompletePullAt),
          ],
          [
            texts.channels.lag,
            orders.pulled ? formats.duration(Math.round(orders.lagMs / MINUTE_MS)) : texts.common.none,
          ],
        ]}
      />
      <div className="switches">
        {(Object.keys(texts.channels.switches) as SwitchName[]).map((name) => (
          <Switch
            key={name}
            isSelected={channel.switches[name] ?? false}
            isDisabled={!may || flip.isPending}
            onChange={(on) => flip.mutate({ name, on })}
          >
            <span className="track" aria-hidden="true" />
            {texts.channels.switches[name]}
          </Switch>
        ))}
      </div>
      {maySync ? (
        <Button isPending={sync.isPending} isDisabled={!orders.pulled} onPress={() => sync.mutate()}>
          {texts.channels.sync}
        </Button>
      ) : null}
      {sync.isSuccess ? <p role="status">{texts.channels.syncAsked}</p> : null}
      {failed === null ? null : <Failed error={failed} />}
    </section>
  );
}
