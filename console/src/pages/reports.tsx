import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { DropZone } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Link, useSearchParams } from 'wouter';
import type { Answer } from '../api/client.ts';
import { useAnswer, usePages } from '../api/hooks.ts';
import { useApi, useMay } from '../session/context.tsx';
import { useSpeech } from '../texts/context.tsx';
import { Choice, Page, Table, Tag } from '../ui/parts.tsx';
import { Empty, Failed, Loading } from '../ui/states.tsx';

type Listed = Answer<'listPaymentReports'>['reports'][number];

const WATCH_MS = 3_000;
const BYTES_MAX = 512 * 1024 * 1024;
const FILE_NAME = /^[\w][\w .()+-]{0,99}\.(?:txt|tsv|csv)$/i;
const TONES = {
  processing: 'info',
  imported: 'good',
  refused: 'bad',
  duplicate: 'plain',
  superseded: 'plain',
} as const;

export default function Reports() {
  const { texts } = useSpeech();
  const [params, setParams] = useSearchParams();
  const channels = useAnswer('listChannels');
  const may = useMay('owner', 'operator', 'accountant');
  if (channels.isPending) return <Loading />;
  if (channels.error !== null)
    return <Failed error={channels.error} onRetry={() => void channels.refetch()} />;
  const amazon = channels.data.channels.filter(({ marketplace }) => marketplace === 'amazon');
  const channel = params.get('channel') ?? amazon[0]?.channelId;
  if (channel === undefined) {
    return (
      <Page title={texts.reports.title}>
        <Empty>{texts.reports.noChannel}</Empty>
      </Page>
    );
  }
  return (
    <Page title={texts.reports.title}>
      <div className="filters">
        <Choice
          label={texts.common.channel}
          value={channel}
          onChange={(value) => setParams({ channel: value })}
          options={amazon.map(({ channelId, name }) => [channelId, name] as const)}
        />
      </div>
      {may ? <Upload channel={channel} /> : null}
      <ReportList channel={channel} />
    </Page>
  );
}

type Sending =
  | { readonly state: 'idle' }
  | { readonly state: 'sending'; readonly name: string; readonly percent: number }
  | { readonly state: 'sent'; readonly name: string }
  | { readonly state: 'refused'; readonly why: 'tooLarge' | 'badType' | 'uploadFailed' }
  | { readonly state: 'failed'; readonly error: Error };

function Upload({ channel }: { readonly channel: string }) {
  const { texts } = useSpeech();
  const api = useApi();
  const queries = useQueryClient();
  const [sending, setSending] = useState<Sending>({ state: 'idle' });

  async function send(file: File): Promise<void> {
    if (!FILE_NAME.test(file.name)) return setSending({ state: 'refused', why: 'badType' });
    if (file.size > BYTES_MAX) return setSending({ state: 'refused', why: 'tooLarge' });
    setSending({ state: 'sending', name: file.name, percent: 0 });
    try {
      const contentType = /\.csv$/i.test(file.name) ? 'text/csv' : 'text/plain';
      const address = await api.call('requestReportUpload', {
        params: { channelId: channel },
        body: { fileName: file.name, sizeBytes: file.size, contentType },
      });
      const arrived = await put(address, file, (percent) =>
        setSending({ state: 'sending', name: file.name, percent }),
      );
      setSending(arrived ? { state: 'sent', name: file.name } : { state: 'refused', why: 'uploadFailed' });
      await queries.invalidateQueries({ queryKey: ['listPaymentReports'] });
    } catch (error) {
      setSending({ state: 'failed', error: error instanceof Error ? error : new Error('upload') });
    }
  }

  return (
    <>
      <DropZone
        className="drop"
        getDropOperation={() => 'copy'}
        onDrop={async ({ items }) => {
          const dropped = items.find((item) => item.kind === 'file');
          if (dropped !== undefined) await send(await dropped.getFile());
        }}
      >
        <span>{texts.reports.drop}</span>
        <FileTrigger
          acceptedFileTypes={['.csv', '.txt', '.tsv']}
          onSelect={(files) => {
            const [file] = files ?? [];
            if (file !== undefined) void send(file);
          }}
        >
          <Button isPending={sending.state === 'sending'}>{texts.reports.choose}</Button>
        </FileTrigger>
      </DropZone>
      <div role="status">
        {sending.state === 'sending' ? (
          <label className="inline">
            {texts.reports.uploading} {sending.name}
            <progress max={100} value={sending.percent} />
          </label>
        ) : sending.state === 'sent' ? (
          <p>
            {sending.name}: {texts.reports.processing}
          </p>
        ) : null}
      </div>
      {sending.state === 'refused' ? (
        <p className="notice" role="alert">
          {texts.reports[sending.why]}
        </p>
      ) : null}
      {sending.state === 'failed' ? <Failed error={sending.error} /> : null}
    </>
  );
}

/** XMLHttpRequest, because fetch does not say how far a body has got. */
function put(
  { url, headers }: Answer<'requestReportUpload'>,
  file: File,
  onProgress: (percent: number) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) {
      // The browser writes the length itself and lets nobody else.
      if (name.toLowerCase() !== 'content-length') request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => onProgress(Math.round((100 * loaded) / total));
    request.onload = () => resolve(request.status >= 200 && request.status < 300);
    request.onerror = () => resolve(false);
    request.send(file);
  });
}

function ReportList({ channel }: { readonly channel: string }) {
  const { texts, formats } = useSpeech();
  const list = usePages(
    'listPaymentReports',
    { query: { channel, limit: 50 } },
    { refetchInterval: WATCH_MS },
  );
  const rows = list.data?.pages.flatMap(({ reports }) => reports) ?? [];
  if (list.isPending) return <Loading />;
  if (list.error !== null) return <Failed error={list.error} onRetry={() => void list.refetch()} />;
  if (rows.length === 0) return <Empty>{texts.reports.empty}</Empty>;
  return (
    <>
      <Table
        caption={texts.reports.title}
        rows={rows}
        rowKey={({ reportId }) => reportId}
        columns={[
          {
            name: texts.reports.file,
            of: ({ reportId, fileName }) => <Link href={`/riconciliazioni/${reportId}`}>{fileName}</Link>,
          },
          { name: texts.reports.uploaded, of: ({ uploadedAt }) => formats.dayAndTime(uploadedAt) },
          {
            name: texts.reports.outcome,
            of: ({ outcome }) => <Tag tone={TONES[outcome]}>{texts.reports.outcomes[outcome]}</Tag>,
          },
          {
            name: texts.reports.rows,
            numeric: true,
            of: ({ rows: count }) => (count === null ? texts.common.none : formats.number(count)),
          },
          {
            name: texts.reports.amount,
            numeric: true,
            of: ({ computed, currency }) => formats.money(computed, currency),
          },
          { name: texts.reports.balanced, of: (row) => <Balance report={row} /> },
        ]}
      />
      {list.hasNextPage ? (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {texts.common.more}
        </Button>
      ) : null}
    </>
  );
}

export function Balance({
  report: { balanced, refusal },
}: {
  readonly report: Pick<Listed, 'balanced' | 'refusal'>;
}) {
  const { texts } = useSpeech();
  if (refusal !== null) return <span>{refusal.detail}</span>;
  if (balanced === null) return <span className="quiet">{texts.reports.notStated}</span>;
  return balanced ? (
    <Tag tone="good">{texts.reports.balanced}</Tag>
  ) : (
    <Tag tone="bad">{texts.reports.notBalanced}</Tag>
  );
}
