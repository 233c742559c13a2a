import { Button } from 'react-aria-components/Button';
import { Link, useSearchParams } from 'wouter';
import type { Answer } from '../api/client.ts';
import { usePages } from '../api/hooks.ts';
import { useSpeech } from '../texts/context.tsx';
import { Choice, Page, Table, Tag, type Tone } from '../ui/parts.tsx';
import { Empty, Failed, Loading } from '../ui/states.tsx';

type Listed = Answer<'listShipments'>['shipments'][number];

const TONE: Partial<Record<Listed['state'], Tone>> = {
  delivered: 'good',
  returned: 'bad',
  exception: 'bad',
  'damaged-or-lost': 'bad',
  refused: 'bad',
  'address-problem': 'warn',
  'on-hold': 'warn',
  'notice-left': 'warn',
};

export function ShipmentState({ state }: { readonly state: Listed['state'] }) {
  const { texts } = useSpeech();
  return <Tag tone={TONE[state] ?? 'info'}>{texts.shipments.states[state]}</Tag>;
}

export default function Shipments() {
  const { texts } = useSpeech();
  const [params, setParams] = useSearchParams();
  const set = (name: string, value: string) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  const state = params.get('state') ?? '';
  const problems = params.get('problems') ?? '';
  return (
    <Page title={texts.shipments.title}>
      <div className="filters">
        <Choice
          label={texts.common.status}
          value={state}
          onChange={(value) => set('state', value)}
          options={[['', texts.common.all], ...Object.entries(texts.shipments.states)]}
        />
        <Choice
          label={texts.shipments.problems}
          value={problems}
          onChange={(value) => set('problems', value)}
          options={[
            ['', texts.common.all],
            ['any', texts.shipments.onlyProblems],
          ]}
        />
      </div>
      <ShipmentTable state={state} problems={problems} />
    </Page>
  );
}

export function ShipmentTable({ state, problems }: { readonly state: string; readonly problems: string }) {
  const { texts, formats } = useSpeech();
  const list = usePages('listShipments', {
    query: {
      state: (state || undefined) as Listed['state'] | undefined,
      problems: problems === 'any' ? 'any' : undefined,
      limit: 50,
    },
  });
  const rows = list.data?.pages.flatMap(({ shipments }) => shipments) ?? [];
  if (list.isPending) return <Loading />;
  if (list.error !== null) return <Failed error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <>
      {rows.length === 0 && !list.hasNextPage ? (
        <Empty>{texts.shipments.empty}</Empty>
      ) : (
        <Table
          caption={texts.shipments.title}
          rows={rows}
          rowKey={({ shipmentKey }) => shipmentKey}
          columns={[
            {
              name: texts.shipments.number,
              of: ({ shipmentKey, trackingNumber, senderReference }) => (
                <Link href={`/spedizioni/${encodeURIComponent(shipmentKey)}`}>
                  {trackingNumber ?? senderReference}
                </Link>
              ),
            },
            {
              name: texts.shipments.courier,
              of: ({ courier, carrierName }) => carrierName ?? courier.toUpperCase(),
            },
            { name: texts.common.status, of: ({ state: of }) => <ShipmentState state={of} /> },
            {
              name: texts.shipments.orders,
              of: ({ orders }) => orders.map(({ orderNumber }) => orderNumber).join(', '),
            },
            { name: texts.common.date, of: ({ createdAt }) => formats.dayAndTime(createdAt) },
            {
              name: texts.shipments.problems,
              of: ({ problems: found }) =>
                found.length === 0 ? null : <Tag tone="warn">{found.map(({ kind }) => kind).join(', ')}</Tag>,
            },
          ]}
        />
      )}
      {list.hasNextPage ? (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {texts.common.more}
        </Button>
      ) : null}
    </>
  );
}
