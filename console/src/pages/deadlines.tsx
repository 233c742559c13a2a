import { Button } from 'react-aria-components/Button';
import { Link } from 'wouter';
import { usePages } from '../api/hooks.ts';
import { useSpeech } from '../texts/context.tsx';
import { Page, Table, Tag } from '../ui/parts.tsx';
import { Empty, Failed, Loading } from '../ui/states.tsx';

const REFRESH_MS = 60_000;
const TONES = { none: 'good', half: 'warn', most: 'bad', over: 'bad' } as const;

export default function Deadlines() {
  const { texts, formats } = useSpeech();
  const board = usePages('listDeadlines', { query: { limit: 100 } }, { refetchInterval: REFRESH_MS });
  const rows = board.data?.pages.flatMap(({ deadlines }) => deadlines) ?? [];
  return (
    <Page title={texts.deadlines.title}>
      {board.isPending ? (
        <Loading />
      ) : board.error !== null ? (
        <Failed error={board.error} onRetry={() => void board.refetch()} />
      ) : rows.length === 0 && !board.hasNextPage ? (
        <Empty>{texts.deadlines.empty}</Empty>
      ) : (
        <Table
          caption={texts.deadlines.title}
          rows={rows}
          rowKey={(row) => `${row.marketplace}/${row.marketplaceOrderId}/${row.clock}`}
          columns={[
            {
              name: texts.deadlines.left,
              of: ({ minutesLeft, level, assumed }) => (
                <Tag tone={TONES[level]}>
                  {minutesLeft < 0 ? `${texts.deadlines.over} ` : ''}
                  {formats.duration(minutesLeft)} · {texts.deadlines.levels[level]}
                  {assumed ? ` (${texts.deadlines.assumed})` : ''}
                </Tag>
              ),
            },
            { name: texts.deadlines.clock, of: ({ clock }) => texts.deadlines.clocks[clock] },
            {
              name: texts.orders.number,
              of: ({ marketplace, marketplaceOrderId }) => (
                <Link href={`/ordini/${marketplace}/${marketplaceOrderId}`}>{marketplaceOrderId}</Link>
              ),
            },
            { name: texts.common.channel, of: ({ channel }) => channel },
            { name: texts.orders.article, of: ({ firstTitle }) => firstTitle ?? texts.common.none },
            { name: texts.common.until, of: ({ until }) => formats.dayAndTime(until) },
            {
              name: texts.shipments.number,
              of: ({ trackingNumber, shipmentKey, told }) =>
                shipmentKey === null ? (
                  texts.common.none
                ) : (
                  <>
                    <Link href={`/spedizioni/${encodeURIComponent(shipmentKey)}`}>
                      {trackingNumber ?? shipmentKey}
                    </Link>
                    {told ? ` · ${texts.deadlines.told}` : ''}
                  </>
                ),
            },
          ]}
        />
      )}
      {board.hasNextPage ? (
        <Button isPending={board.isFetchingNextPage} onPress={() => void board.fetchNextPage()}>
          {texts.common.more}
        </Button>
      ) : null}
    </Page>
  );
}
