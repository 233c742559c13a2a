import { Button } from 'react-aria-components/Button';
import type { Answer } from '../api/client.ts';
import { usePages } from '../api/hooks.ts';
import { useSpeech } from '../texts/context.tsx';
import { Page, Table } from '../ui/parts.tsx';
import { Empty, Failed, Loading } from '../ui/states.tsx';

type Values = Answer<'listActivity'>['activities'][number]['before'];

export default function Activity() {
  const { texts, formats } = useSpeech();
  const list = usePages('listActivity', { query: { limit: 50 } });
  const rows = list.data?.pages.flatMap(({ activities }) => activities) ?? [];
  return (
    <Page title={texts.activity.title}>
      {list.isPending ? (
        <Loading />
      ) : list.error !== null ? (
        <Failed error={list.error} onRetry={() => void list.refetch()} />
      ) : rows.length === 0 ? (
        <Empty>{texts.activity.empty}</Empty>
      ) : (
        <Table
          caption={texts.activity.title}
          rows={rows}
          rowKey={({ activityId }) => activityId}
          columns={[
            { name: texts.common.date, of: ({ at }) => formats.dayAndTime(at) },
            { name: texts.activity.who, of: ({ actor }) => actor },
            { name: texts.activity.what, of: ({ action }) => action },
            { name: texts.activity.subject, of: ({ subject }) => subject },
            {
              name: texts.activity.change,
              of: ({ before, after }) => [before, after].map(wordsOf).filter(Boolean).join(' → '),
            },
          ]}
        />
      )}
      {list.hasNextPage ? (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {texts.common.more}
        </Button>
      ) : null}
    </Page>
  );
}

function wordsOf(values: Values): string {
  return Object.entries(values ?? {})
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
    .join('; ');
}
