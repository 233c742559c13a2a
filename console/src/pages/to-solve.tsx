import { Link } from 'wouter';
import { useAnswer } from '../api/hooks.ts';
import { useSpeech } from '../texts/context.tsx';
import { Page, Section } from '../ui/parts.tsx';
import { Failed, Loading } from '../ui/states.tsx';
import { ShipmentTable } from './shipments.tsx';

/** What waits for a person, each with its reason and the way to its page. */
export default function ToSolve() {
  const { texts } = useSpeech();
  const channels = useAnswer('listChannels');
  const noticed = channels.data?.channels.filter(({ notices }) => notices.length > 0) ?? [];
  return (
    <Page title={texts.toSolve.title}>
      <Section title={texts.toSolve.channels}>
        {channels.isPending ? (
          <Loading />
        ) : channels.error !== null ? (
          <Failed error={channels.error} onRetry={() => void channels.refetch()} />
        ) : noticed.length === 0 ? (
          <p className="quiet">{texts.toSolve.nothing}</p>
        ) : (
          noticed.map(({ channelId, name, notices }) => (
            <p key={channelId} className="notice">
              <Link href="/canali">{name}</Link>: {notices.map(({ detail }) => detail).join(' ')}
            </p>
          ))
        )}
      </Section>
      <Section title={texts.toSolve.shipments}>
        <ShipmentTable state="" problems="any" />
      </Section>
    </Page>
  );
}
