import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Link } from 'wouter';
import type { Answer } from '../api/client.ts';
import { useAnswer, usePages } from '../api/hooks.ts';
import { useApi } from '../session/context.tsx';
import { useSpeech } from '../texts/context.tsx';
import { Facts, Page, Section, Table } from '../ui/parts.tsx';
import { Failed, Loading } from '../ui/states.tsx';
import { Balance } from './reports.tsx';

type Report = Answer<'readPaymentReport'>;
type Bucket = Report['buckets'][number]['bucket'];
type Row = Answer<'listPaymentReportRows'>['rows'][number];

export default function ReportPage({ reportId }: { readonly reportId: string }) {
  const { texts, formats } = useSpeech();
  const [bucket, setBucket] = useState<Bucket>();
  const report = useAnswer('readPaymentReport', { params: { reportId } });
  if (report.isPending) return <Loading />;
  if (report.error !== null) return <Failed error={report.error} onRetry={() => void report.refetch()} />;
  const { fileName, currency, buckets, fees, stated, computed, rows } = report.data;
  return (
    <Page title={fileName} aside={<Link href="/riconciliazioni">{texts.common.back}</Link>}>
      <Section title={texts.reports.buckets}>
        <Facts
          facts={[
            [texts.reports.computed, formats.money(computed, currency)],
            [texts.reports.stated, stated === null ? null : formats.money(stated, currency)],
            [texts.reports.outcome, <Balance key="balance" report={report.data} />],
          ]}
        />
        <Table
          caption={texts.reports.buckets}
          rows={buckets}
          rowKey={({ bucket: of }) => of}
          columns={[
            {
              name: texts.reports.label,
              of: ({ bucket: of, rows: count }) =>
                count === 0 ? (
                  texts.reports.bucketNames[of]
                ) : (
                  <Button
                    className="link"
                    aria-expanded={bucket === of}
                    onPress={() => setBucket(bucket === of ? undefined : of)}
                  >
                    {texts.reports.bucketNames[of]}
                  </Button>
                ),
            },
            { name: texts.reports.rows, numeric: true, of: ({ rows: count }) => formats.number(count) },
            {
              name: texts.reports.amount,
              numeric: true,
              of: ({ amount }) => formats.money(amount, currency),
            },
          ]}
          foot={
            <tr>
              <th scope="row">{texts.common.total}</th>
              <td className="numeric">{rows === null ? texts.common.none : formats.number(rows)}</td>
              <td className="numeric">{formats.money(computed, currency)}</td>
            </tr>
          }
        />
      </Section>
      {bucket === undefined ? null : <Rows key={bucket} reportId={reportId} bucket={bucket} />}
      <Section title={texts.reports.fees}>
        <Fees fees={fees} currency={currency} />
      </Section>
    </Page>
  );
}

/** A bar for each group, as long as its share of the largest; the amounts are written beside. */
function Fees({ fees, currency }: { readonly fees: Report['fees']; readonly currency: string | null }) {
  const { texts, formats } = useSpeech();
  const groups = Object.entries(fees).toSorted(([, a], [, b]) => Number(a) - Number(b));
  const largest = Math.max(...groups.map(([, amount]) => Math.abs(Number(amount))), 0);
  return (
    <Table
      caption={texts.reports.fees}
      rows={groups}
      rowKey={([group]) => group}
      columns={[
        { name: texts.reports.label, of: ([group]) => group },
        {
          name: '%',
          of: ([group, amount]) => (
            <meter
              aria-label={group}
              min={0}
              max={largest === 0 ? 1 : largest}
              value={Math.abs(Number(amount))}
            />
          ),
        },
        { name: texts.reports.amount, numeric: true, of: ([, amount]) => formats.money(amount, currency) },
      ]}
    />
  );
}

function Rows({ reportId, bucket }: { readonly reportId: string; readonly bucket: Bucket }) {
  const { texts, formats } = useSpeech();
  const api = useApi();
  const params = { reportId, bucket };
  const list = usePages('listPaymentReportRows', { params, query: { limit: 100 } });
  const download = useMutation({
    mutationFn: async () => {
      const rows: Row[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.call('listPaymentReportRows', { params, query: { limit: 100, cursor } });
        rows.push(...page.rows);
        cursor = page.cursor ?? undefined;
      } while (cursor !== undefined);
      save(`${reportId}-${bucket}.csv`, csvOf(rows));
    },
  });
  const currency = list.data?.pages[0]?.currency ?? null;
  const title = `${texts.reports.rowsOf} «${texts.reports.bucketNames[bucket]}»`;
  return (
    <Section title={title}>
      {list.isPending ? (
        <Loading />
      ) : list.error !== null ? (
        <Failed error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <>
          <Button isPending={download.isPending} onPress={() => download.mutate()}>
            {texts.reports.download}
          </Button>
          {download.error === null ? null : <Failed error={download.error} />}
          <Table
            caption={title}
            rows={list.data.pages.flatMap(({ rows }) => rows)}
            rowKey={(row) => [row.marketplaceOrderId, row.label, row.line].join('/')}
            columns={[
              {
                name: texts.orders.number,
                of: ({ marketplaceOrderId }) => marketplaceOrderId ?? texts.common.none,
              },
              { name: texts.reports.label, of: ({ label }) => label ?? texts.common.none },
              { name: texts.reports.line, numeric: true, of: ({ line }) => line ?? texts.common.none },
              { name: texts.reports.rows, numeric: true, of: ({ rows }) => formats.number(rows) },
              { name: texts.orders.fee, numeric: true, of: ({ fee }) => formats.money(fee, currency) },
              {
                name: texts.reports.amount,
                numeric: true,
                of: ({ amount }) => formats.money(amount, currency),
              },
            ]}
          />
        </>
      )}
      {list.hasNextPage ? (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {texts.common.more}
        </Button>
      ) : null}
    </Section>
  );
}

const COLUMNS = ['marketplaceOrderId', 'label', 'line', 'rows', 'amount', 'fee'] as const;

/** Every value quoted; words that a spreadsheet would take for a formula begin with an apostrophe. */
function csvOf(rows: readonly Row[]): string {
  const cell = (value: string | number | null, isAmount: boolean): string => {
    const text = String(value ?? '');
    const safe = !isAmount && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  return [
    COLUMNS.join(','),
    ...rows.map((row) =>
      COLUMNS.map((name) => cell(row[name], name === 'amount' || name === 'fee')).join(','),
    ),
  ].join('\r\n');
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
