import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Link } from 'wouter';
import type { Answer } from '../api/client.ts';
import { useAnswer } from '../api/hooks.ts';
import { useMay } from '../session/context.tsx';
import { useSpeech } from '../texts/context.tsx';
import { Choice, Facts, Page, Section, Table, Tag } from '../ui/parts.tsx';
import { Failed, Loading } from '../ui/states.tsx';
import { FulfilmentIcon } from './orders.tsx';

type OrderAnswer = Answer<'readOrder'>;

export default function Order({
  marketplace,
  orderNumber,
}: {
  readonly marketplace: string;
  readonly orderNumber: string;
}) {
  const params = { marketplace, orderNumber };
  const order = useAnswer('readOrder', { params });
  if (order.isPending) return <Loading />;
  if (order.error !== null) return <Failed error={order.error} onRetry={() => void order.refetch()} />;
  return <OrderPage order={order.data} params={params} />;
}

function OrderPage({
  order,
  params,
}: {
  readonly order: OrderAnswer;
  readonly params: { readonly marketplace: string; readonly orderNumber: string };
}) {
  const { texts, formats } = useSpeech();
  return (
    <Page
      title={order.marketplaceOrderId}
      aside={
        <span className="inline">
          <FulfilmentIcon red={order.red} label={order.red ? texts.orders.red : texts.orders.notRed} />
          <Tag>{texts.orderStatus[order.status]}</Tag>
          <Link href="/ordini">{texts.common.back}</Link>
        </span>
      }
    >
      {order.attention.map((code) => (
        <p key={code} className="notice">
          {texts.attention[code]}
        </p>
      ))}
      {order.manualFulfilment === null ? null : (
        <p className="notice notice-red">
          {texts.order.manual}: {order.manualFulfilment.kind} · {order.manualFulfilment.by} ·{' '}
          {formats.dayAndTime(order.manualFulfilment.at)} ({texts.order.since}{' '}
          {formats.day(order.manualFulfilment.since)})
        </p>
      )}
      <Section title={texts.order.lines}>
        <Facts
          facts={[
            [texts.common.channel, order.channel],
            [texts.orders.bought, formats.dayAndTime(order.purchasedAt)],
            [texts.orders.shipBy, formats.dayAndTime(order.shipBy)],
            [texts.orders.settlement, texts.settlement[order.settlement]],
            [texts.order.shipBlock, order.shippingBlock],
          ]}
        />
        <Table
          caption={texts.order.lines}
          rows={order.lines}
          rowKey={({ orderLineId }) => orderLineId}
          columns={[
            { name: 'SKU', of: ({ sku }) => sku ?? texts.common.none },
            { name: texts.orders.article, of: ({ title }) => title ?? texts.common.none },
            {
              name: texts.order.quantity,
              numeric: true,
              of: ({ quantityOrdered, quantityFulfilled }) => `${quantityFulfilled} / ${quantityOrdered}`,
            },
            { name: texts.order.vat, numeric: true, of: ({ vatRate }) => vatRate ?? texts.common.none },
            {
              name: texts.common.total,
              numeric: true,
              of: ({ total }) => formats.money(total?.amount ?? null, total?.currency ?? null),
            },
          ]}
        />
      </Section>
      <Money order={order} />
      <Buyer order={order} params={params} />
      {order.followUps.length === 0 ? null : (
        <Section title={texts.order.work}>
          <Table
            caption={texts.order.work}
            rows={order.followUps}
            rowKey={({ kind, orderLineId }) => `${kind}/${orderLineId ?? ''}`}
            columns={[
              { name: texts.activity.what, of: ({ kind }) => kind },
              { name: texts.common.status, of: ({ state, problem }) => problem ?? state },
              { name: texts.common.date, of: ({ dueAt }) => formats.dayAndTime(dueAt) },
            ]}
          />
        </Section>
      )}
    </Page>
  );
}

/** From the total down to the rows of the payment files. */
function Money({ order }: { readonly order: OrderAnswer }) {
  const { texts, formats } = useSpeech();
  const { money, currency } = order;
  if (money === null) {
    return (
      <Section title={texts.order.money}>
        <p>{texts.order.notPaid}</p>
        <Facts
          facts={[
            [texts.common.total, formats.money(order.total, currency)],
            [texts.orders.fee, formats.money(order.fee, currency)],
          ]}
        />
      </Section>
    );
  }
  const amounts: readonly (readonly [string, string])[] = [
    [texts.order.sales, money.sales],
    [texts.order.tax, money.tax],
    ...(Number(money.taxWithheld) === 0 ? [] : [[texts.order.taxWithheld, money.taxWithheld] as const]),
    [texts.order.refunds, money.refunds],
    ...Object.entries(money.fees).map(
      ([group, amount]) => [`${texts.order.fees}: ${group}`, amount] as const,
    ),
    [texts.order.other, money.other],
  ];
  return (
    <Section title={texts.order.money}>
      <Table
        caption={texts.order.money}
        rows={amounts.filter(([, amount]) => Number(amount) !== 0)}
        rowKey={([name]) => name}
        columns={[
          { name: texts.reports.label, of: ([name]) => name },
          {
            name: texts.reports.amount,
            numeric: true,
            of: ([, amount]) => formats.money(amount, money.currency),
          },
        ]}
        foot={
          <tr>
            <th scope="row">{texts.orders.net}</th>
            <td className="numeric">{formats.money(order.net, money.currency)}</td>
          </tr>
        }
      />
      <h3>{texts.order.entries}</h3>
      <Table
        caption={texts.order.entries}
        rows={order.moneyEntries}
        rowKey={({ source, settlementId }) => `${source}/${settlementId}`}
        columns={[
          {
            name: texts.order.file,
            of: ({ reportId, settlementId }) => (
              <Link href={`/riconciliazioni/${reportId}`}>{settlementId}</Link>
            ),
          },
          {
            name: texts.reports.rows,
            of: ({ lines, rows }) =>
              `${rows} ${texts.order.rows}: ${lines.map(([first, last]) => (first === last ? first : `${first}–${last}`)).join(', ')}`,
          },
          { name: texts.orders.fee, numeric: true, of: ({ fee, currency: of }) => formats.money(fee, of) },
          {
            name: texts.common.total,
            numeric: true,
            of: ({ total, currency: of }) => formats.money(total, of),
          },
        ]}
      />
    </Section>
  );
}

type Reason = keyof ReturnType<typeof useSpeech>['texts']['order']['reasons'];

/** Shown when asked for, with a reason; gone when the page is left. */
function Buyer({
  order,
  params,
}: {
  readonly order: OrderAnswer;
  readonly params: { readonly marketplace: string; readonly orderNumber: string };
}) {
  const { texts } = useSpeech();
  const may = useMay('owner', 'operator', 'warehouse');
  const [reason, setReason] = useState<Reason>('shipping');
  const [asked, setAsked] = useState(false);
  const state = order.personalData ?? 'waiting';
  return (
    <Section title={texts.order.buyer}>
      <p>
        <Tag tone={state === 'present' ? 'good' : 'plain'}>{texts.order.buyerStates[state]}</Tag>
      </p>
      {!may ? (
        <p className="quiet">{texts.order.noPermission}</p>
      ) : asked ? (
        <Person params={params} reason={reason} />
      ) : (
        <span className="inline">
          <Choice
            label={texts.order.why}
            value={reason}
            onChange={(value) => setReason(value as Reason)}
            options={Object.entries(texts.order.reasons)}
          />
          <Button onPress={() => setAsked(true)}>{texts.order.showBuyer}</Button>
        </span>
      )}
    </Section>
  );
}

function Person({
  params,
  reason,
}: {
  readonly params: { readonly marketplace: string; readonly orderNumber: string };
  readonly reason: Reason;
}) {
  const { texts } = useSpeech();
  const buyer = useAnswer('readBuyer', { params, query: { reason } });
  if (buyer.isPending) return <Loading />;
  if (buyer.error !== null) return <Failed error={buyer.error} onRetry={() => void buyer.refetch()} />;
  const { name, company, email, deliveryAddress, courierAddress, taxRegistrations } = buyer.data;
  return (
    <Facts
      facts={[
        [texts.order.buyer, [name, company].filter(Boolean).join(' · ') || null],
        [texts.order.delivery, addressText(deliveryAddress)],
        [texts.order.courierAddress, addressText(courierAddress)],
        [texts.order.phone, deliveryAddress?.phone ?? null],
        [texts.order.email, email],
        [
          texts.order.taxIds,
          taxRegistrations.map(({ kind, number }) => `${kind} ${number}`).join(', ') || null,
        ],
      ]}
    />
  );
}

function addressText(address: Answer<'readBuyer'>['deliveryAddress']): string | null {
  if (address === null) return null;
  const { name, lines, postalCode, city, region, countryCode } = address;
  return [name, ...lines, [postalCode, city, region].filter(Boolean).join(' '), countryCode]
    .filter(Boolean)
    .join(', ');
}
