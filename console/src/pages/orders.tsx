import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { Answer } from '../api/client.ts';
import { useAnswer, usePages } from '../api/hooks.ts';
import { useSpeech } from '../texts/context.tsx';
import { Choice, Field, Page, Tag, type Tone } from '../ui/parts.tsx';
import { Empty, Failed, Loading } from '../ui/states.tsx';

type ListedOrder = Answer<'listOrders'>['orders'][number];

const PAGE_SIZE = 100;
const ROW_PX = 44;
const PHONE_ROW_PX = 104;
/** Rows drawn beyond what is seen, so that fast scrolling meets no gap. */
const OVERSCAN = 12;
const FILTERS = ['channel', 'status', 'from', 'until', 'text'] as const;

export default function Orders() {
  const { texts } = useSpeech();
  const [params, setParams] = useSearchParams();
  const filters = Object.fromEntries(FILTERS.map((name) => [name, params.get(name) ?? '']));
  const channels = useAnswer('listChannels');
  const [text, setText] = useState(filters.text ?? '');
  const set = (name: string, value: string) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });

  return (
    <Page title={texts.orders.title} aside={<span className="quiet desktop">{texts.orders.keyboard}</span>}>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          set('text', text.trim());
        }}
      >
        <Choice
          label={texts.common.channel}
          value={filters.channel ?? ''}
          onChange={(value) => set('channel', value)}
          options={[
            ['', texts.common.all],
            ...(channels.data?.channels ?? []).map(({ channelId, name }) => [channelId, name] as const),
          ]}
        />
        <Choice
          label={texts.common.status}
          value={filters.status ?? ''}
          onChange={(value) => set('status', value)}
          options={[['', texts.common.all], ...Object.entries(texts.orderStatus)]}
        />
        <Field
          label={texts.common.from}
          type="date"
          value={filters.from ?? ''}
          onChange={(value) => set('from', value)}
        />
        <Field
          label={texts.common.until}
          type="date"
          value={filters.until ?? ''}
          onChange={(value) => set('until', value)}
        />
        <Field
          label={texts.common.search}
          type="search"
          hint={texts.orders.textHint}
          value={text}
          onChange={setText}
        />
        <Button type="submit">{texts.common.search}</Button>
        <SavedViews
          current={params}
          onChoose={(search) => {
            const chosen = new URLSearchParams(search);
            setText(chosen.get('text') ?? '');
            setParams(chosen);
          }}
        />
      </form>
      <OrderList key={params.toString()} filters={filters} />
    </Page>
  );
}

/** Midnight of a chosen day, where the person is. */
function instantOf(day: string | undefined, plusDays = 0): string | undefined {
  if (!day) return undefined;
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + plusDays);
  return at.toISOString();
}

function OrderList({ filters }: { readonly filters: Readonly<Record<string, string>> }) {
  const { texts, formats } = useSpeech();
  const [, go] = useLocation();
  const { channel, status, from, until, text } = filters;
  const pages = usePages('listOrders', {
    query: {
      channel: channel || undefined,
      status: (status || undefined) as ListedOrder['status'] | undefined,
      from: instantOf(from),
      until: instantOf(until, 1),
      text: text || undefined,
      limit: PAGE_SIZE,
    },
  });
  const orders = useMemo(() => pages.data?.pages.flatMap((page) => page.orders) ?? [], [pages.data]);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const phone = useIsPhone();
  const rows = useVirtualizer({
    count: orders.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (phone ? PHONE_ROW_PX : ROW_PX),
    overscan: OVERSCAN,
  });
  const shown = rows.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= orders.length - PAGE_SIZE / 2)
      void fetchNextPage();
  }, [lastShown, orders.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
    const target = step !== undefined ? active + step : { Home: 0, End: orders.length - 1 }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      const index = Math.max(0, Math.min(orders.length - 1, target));
      setActive(index);
      rows.scrollToIndex(index);
      return;
    }
    const order = orders[active];
    if (event.key === 'Enter' && order !== undefined && event.target === event.currentTarget) {
      go(addressOf(order));
    }
  };

  if (pages.isPending) return <Loading />;
  if (pages.error !== null && orders.length === 0) {
    return <Failed error={pages.error} onRetry={() => void pages.refetch()} />;
  }
  const searchedBackTo = pages.data?.pages.at(-1)?.searchedBackTo ?? null;
  const filtered = Object.values(filters).some((value) => value !== '');
  if (orders.length === 0 && !hasNextPage) {
    return <Empty>{filtered ? texts.orders.empty : texts.orders.emptyAtAll}</Empty>;
  }
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: the rows of a long list are drawn as they come into sight */}
      <div
        className="grid"
        role="grid"
        aria-label={texts.orders.title}
        aria-rowcount={hasNextPage ? -1 : orders.length + 1}
        ref={scroller}
        tabIndex={0}
        aria-activedescendant={`order-${active}`}
        onKeyDown={move}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: as the grid */}
        <div className="grid-row grid-head" role="row" aria-rowindex={1} tabIndex={-1}>
          {[
            '',
            texts.orders.number,
            texts.orders.bought,
            texts.orders.article,
            texts.common.status,
            texts.common.total,
            texts.orders.fee,
            texts.orders.net,
            texts.orders.settlement,
            texts.orders.shipBy,
            texts.orders.attention,
          ].map((name, index) => (
            // biome-ignore lint/a11y/useSemanticElements: as the grid
            <span
              role="columnheader"
              tabIndex={-1}
              key={name}
              className={index >= 5 && index <= 7 ? 'numeric' : undefined}
            >
              {name === '' ? <span className="unseen">{texts.orders.red}</span> : name}
            </span>
          ))}
        </div>
        <div className="grid-body" role="presentation" style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start, size }) => {
            const order = orders[index];
            if (order === undefined) return null;
            return (
              // biome-ignore lint/a11y/useSemanticElements: as the grid
              <div
                key={`${order.marketplace}/${order.marketplaceOrderId}`}
                id={`order-${index}`}
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 2}
                aria-selected={index === active}
                className="grid-row"
                style={{ height: size, transform: `translateY(${start}px)` }}
              >
                <Cells order={order} formats={formats} texts={texts} />
              </div>
            );
          })}
        </div>
      </div>
      <p className="quiet" role="status">
        {formats.number(orders.length)}
        {hasNextPage ? '+' : ''} · {isFetchingNextPage ? texts.common.loading : null}
        {searchedBackTo === null ? null : `${texts.orders.searchedBackTo} ${formats.day(searchedBackTo)}`}
      </p>
    </>
  );
}

const STATUS_TONE: Partial<Record<ListedOrder['status'], Tone>> = {
  unshipped: 'info',
  'to-accept': 'warn',
  'partly-shipped': 'info',
  shipped: 'good',
  unfulfillable: 'bad',
  unknown: 'bad',
};
const SETTLEMENT_TONE: Partial<Record<ListedOrder['settlement'], Tone>> = {
  settled: 'good',
  'partly-settled': 'warn',
  overdue: 'bad',
};

function Cells({
  order,
  formats,
  texts,
}: {
  readonly order: ListedOrder;
} & Pick<ReturnType<typeof useSpeech>, 'formats' | 'texts'>) {
  const { currency } = order;
  const money = (amount: string | null) => formats.money(amount, currency);
  const cells: readonly (readonly [string, React.ReactNode])[] = [
    [
      'icon',
      <FulfilmentIcon
        key="icon"
        red={order.red}
        label={order.red ? texts.orders.red : texts.orders.notRed}
      />,
    ],
    [
      'number',
      <Link key="number" href={addressOf(order)} tabIndex={-1}>
        {order.marketplaceOrderId}
      </Link>,
    ],
    ['bought', formats.day(order.purchasedAt)],
    [
      'article',
      <>
        {order.firstTitle ?? texts.common.none}
        {order.pieces > 1 ? (
          <span className="quiet">
            {' '}
            · {order.pieces} {texts.orders.pieces}
          </span>
        ) : null}
      </>,
    ],
    [
      'status',
      <Tag key="status" tone={STATUS_TONE[order.status] ?? 'plain'}>
        {texts.orderStatus[order.status]}
      </Tag>,
    ],
    ['total numeric', money(order.total)],
    [
      'fee numeric',
      order.provisional && order.fee !== null ? (
        <span key="fee" title={texts.orders.provisional}>
          {money(order.fee)}*
        </span>
      ) : (
        money(order.fee)
      ),
    ],
    ['net numeric', money(order.net)],
    [
      'settlement',
      <Tag key="settlement" tone={SETTLEMENT_TONE[order.settlement] ?? 'plain'}>
        {texts.settlement[order.settlement]}
      </Tag>,
    ],
    ['ship-by', formats.dayAndTime(order.shipBy)],
    [
      'attention',
      order.attention.length === 0 ? null : (
        <Tag key="attention" tone="warn">
          {order.attention.map((code) => texts.attention[code]).join(', ')}
        </Tag>
      ),
    ],
  ];
  return cells.map(([name, content]) => (
    // biome-ignore lint/a11y/useSemanticElements: as the grid
    <span role="gridcell" tabIndex={-1} key={name} className={`cell-${name}`}>
      {content}
    </span>
  ));
}

/** Red once somebody has acted on the order at its marketplace by hand; in shape as well as in colour. */
export function FulfilmentIcon({ red, label }: { readonly red: boolean; readonly label: string }) {
  return (
    <svg className={red ? 'icon icon-red' : 'icon'} viewBox="0 0 16 16" role="img" aria-label={label}>
      <path d="M2 5l6-3 6 3v6l-6 3-6-3z" />
      {red ? <path d="M8 5.2v3.4M8 10.6v.6" className="mark" /> : null}
    </svg>
  );
}

function addressOf({ marketplace, marketplaceOrderId }: ListedOrder): string {
  return `/ordini/${marketplace}/${marketplaceOrderId}`;
}

const PHONE = '(max-width: 720px)';
function useIsPhone(): boolean {
  const [phone, setPhone] = useState(() => matchMedia(PHONE).matches);
  useEffect(() => {
    const media = matchMedia(PHONE);
    const changed = () => setPhone(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  return phone;
}

const VIEWS_KEY = 'markeplay.order-views';
type Views = Readonly<Record<string, string>>;

/** Filters under a name, kept in this browser. What is searched for is not: it may be somebody's. */
function SavedViews({
  current,
  onChoose,
}: {
  readonly current: URLSearchParams;
  readonly onChoose: (search: string) => void;
}) {
  const { texts } = useSpeech();
  const [views, setViews] = useState<Views>(() => {
    try {
      return JSON.parse(localStorage.getItem(VIEWS_KEY) ?? '{}');
    } catch {
      return {};
    }
  });
  const [naming, setNaming] = useState<string>();
  const keep = (next: Views) => {
    localStorage.setItem(VIEWS_KEY, JSON.stringify(next));
    setViews(next);
  };
  const keepable = new URLSearchParams(current);
  keepable.delete('text');
  const chosen = Object.entries(views).find(([, search]) => search === keepable.toString())?.[0] ?? '';
  if (naming !== undefined) {
    return (
      <span className="inline">
        <Field label={texts.orders.viewName} value={naming} onChange={setNaming} />
        <Button
          isDisabled={naming.trim() === ''}
          onPress={() => {
            keep({ ...views, [naming.trim()]: keepable.toString() });
            setNaming(undefined);
          }}
        >
          {texts.common.save}
        </Button>
        <Button onPress={() => setNaming(undefined)}>{texts.common.cancel}</Button>
      </span>
    );
  }
  return (
    <span className="inline">
      {Object.keys(views).length === 0 ? null : (
        <Choice
          label={texts.orders.views}
          value={chosen}
          onChange={(name) => onChoose(views[name] ?? '')}
          options={[['', texts.common.none], ...Object.keys(views).map((name) => [name, name] as const)]}
        />
      )}
      {chosen !== '' ? (
        <Button
          onPress={() => keep(Object.fromEntries(Object.entries(views).filter(([name]) => name !== chosen)))}
        >
          {texts.orders.deleteView}
        </Button>
      ) : keepable.size > 0 ? (
        <Button onPress={() => setNaming('')}>{texts.orders.saveView}</Button>
      ) : null}
    </span>
  );
}
