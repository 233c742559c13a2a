import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Link } from 'wouter';
import type { Answer } from '../api/client.ts';
import { useAnswer } from '../api/hooks.ts';
import { useApi, useMay } from '../session/context.tsx';
import { useSpeech } from '../texts/context.tsx';
import { Facts, Page, Section, Tag } from '../ui/parts.tsx';
import { Failed, Loading } from '../ui/states.tsx';
import { ShipmentState } from './shipments.tsx';

type Detail = Answer<'readShipment'>;
type Confirmation = Detail['confirmations'][number];

export default function Shipment({ shipmentKey }: { readonly shipmentKey: string }) {
  const { texts, formats } = useSpeech();
  const api = useApi();
  const queries = useQueryClient();
  const may = useMay('owner', 'operator', 'warehouse');
  const shipment = useAnswer('readShipment', { params: { shipmentKey } });
  const again = () => queries.invalidateQueries({ queryKey: ['readShipment'] });
  const check = useMutation({
    mutationFn: () => api.call('checkShipment', { params: { shipmentKey } }),
    onSuccess: again,
  });
  const dismiss = useMutation({
    mutationFn: (version: number) =>
      api.call('dismissShipmentProblems', { params: { shipmentKey }, version }),
    onSuccess: again,
  });
  if (shipment.isPending) return <Loading />;
  if (shipment.error !== null)
    return <Failed error={shipment.error} onRetry={() => void shipment.refetch()} />;
  const found = shipment.data;
  const failed = check.error ?? dismiss.error;
  return (
    <Page
      title={found.trackingNumber ?? found.senderReference}
      aside={
        <span className="inline">
          <ShipmentState state={found.state} />
          <Link href="/spedizioni">{texts.common.back}</Link>
        </span>
      }
    >
      <Section title={texts.shipments.courier}>
        <Facts
          facts={[
            [texts.shipments.courier, found.carrierName ?? found.courier.toUpperCase()],
            [texts.shipments.reference, found.senderReference],
            [texts.shipments.orders, <Orders key="orders" of={found} />],
            [texts.shipments.next, found.nextCheckAt === null ? null : formats.dayAndTime(found.nextCheckAt)],
            [
              texts.shipments.number,
              found.trackingUrl === null ? (
                found.trackingNumber
              ) : (
                <a key="follow" href={found.trackingUrl} target="_blank" rel="noreferrer">
                  {texts.shipments.follow}
                </a>
              ),
            ],
          ]}
        />
        {found.problems.map(({ kind, at, detail }) => (
          <p key={`${kind}/${at}`} className="notice">
            {kind} · {formats.dayAndTime(at)} {detail}
          </p>
        ))}
        {may ? (
          <span className="inline">
            <Button isPending={check.isPending} onPress={() => check.mutate()}>
              {texts.shipments.check}
            </Button>
            {found.problems.length === 0 ? null : (
              <Button isPending={dismiss.isPending} onPress={() => dismiss.mutate(found.version)}>
                {texts.shipments.dismiss}
              </Button>
            )}
          </span>
        ) : null}
        {check.isSuccess ? <p role="status">{texts.shipments.checkAsked}</p> : null}
        {failed === null ? null : <Failed error={failed} />}
      </Section>
      <Section title={texts.shipments.events}>
        <ol className="timeline">
          {found.events.toReversed().map(({ code, description, date, time, depot, state }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the courier's order is what names an event: two may say the same
            <li key={`${found.events.length - place}`}>
              <strong>{description}</strong> {state === null ? <Tag tone="warn">{code ?? '?'}</Tag> : null}
              <span className="quiet">{[date, time, depot].filter(Boolean).join(' · ')}</span>
            </li>
          ))}
        </ol>
      </Section>
      <Section title={texts.shipments.confirmations}>
        {found.confirmations.map((confirmation) => (
          <Told
            key={`${confirmation.marketplace}/${confirmation.orderNumber}`}
            confirmation={confirmation}
            may={may}
          />
        ))}
      </Section>
    </Page>
  );
}

function Orders({ of }: { readonly of: Detail }) {
  return of.orders.map(({ marketplace, orderNumber }) => (
    <Link key={orderNumber} href={`/ordini/${marketplace}/${orderNumber}`}>
      {orderNumber}{' '}
    </Link>
  ));
}

/** What the marketplace has been told, and the way to tell it again. */
function Told({ confirmation, may }: { readonly confirmation: Confirmation; readonly may: boolean }) {
  const { texts, formats } = useSpeech();
  const api = useApi();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { marketplace, orderNumber, shipmentKey, state, reason, confirmedAt, version } = confirmation;
  const send = useMutation({
    mutationFn: () =>
      api.call('askConfirmation', { params: { marketplace, orderNumber, shipmentKey }, body: { version } }),
    onSuccess: () => {
      setAsking(false);
      return queries.invalidateQueries({ queryKey: ['readShipment'] });
    },
  });
  return (
    <div className="told">
      <p>
        <Tag tone={state === 'confirmed' ? 'good' : state === 'refused' ? 'bad' : 'info'}>
          {texts.shipments.confirmationStates[state]}
        </Tag>{' '}
        {marketplace} · {orderNumber} · {confirmation.trackingNumber}
        {confirmedAt === null ? '' : ` · ${formats.dayAndTime(confirmedAt)}`}
        {reason === null ? '' : ` · ${reason}`}
      </p>
      {!may ? null : asking ? (
        <div className="notice">
          <p>{texts.shipments.sendAgainWarning}</p>
          <Button isPending={send.isPending} onPress={() => send.mutate()}>
            {texts.shipments.sendAgain}
          </Button>{' '}
          <Button onPress={() => setAsking(false)}>{texts.common.cancel}</Button>
        </div>
      ) : (
        <Button onPress={() => setAsking(true)}>{texts.shipments.sendAgain}…</Button>
      )}
      {send.isSuccess ? <p role="status">{texts.shipments.asked}</p> : null}
      {send.error === null ? null : <Failed error={send.error} />}
    </div>
  );
}
