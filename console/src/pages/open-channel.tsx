import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Link, useLocation } from 'wouter';
import type { Answer } from '../api/client.ts';
import { useApi, useMay } from '../session/context.tsx';
import { useSpeech } from '../texts/context.tsx';
import { Choice, Field, Page, Section } from '../ui/parts.tsx';
import { Failed } from '../ui/states.tsx';

type Channel = Answer<'openChannel'>;
type Marketplace = Channel['marketplace'];

const FIELDS = {
  amazon: ['clientId', 'clientSecret', 'refreshToken'],
  ebay: ['appId', 'certId', 'ruName', 'refreshToken'],
  manomano: ['apiKey'],
} as const;
const MARKETPLACES: readonly (readonly [Marketplace, string])[] = [
  ['amazon', 'Amazon'],
  ['ebay', 'eBay'],
  ['manomano', 'ManoMano'],
];

/** Step by step: open (sync off), credentials, a trial that stores nothing, switch on. */
export default function OpenChannel() {
  const { texts } = useSpeech();
  const { wizard } = texts.channels;
  const [channel, setChannel] = useState<Channel>();
  const [signed, setSigned] = useState(false);
  const step = channel === undefined ? 0 : signed ? 2 : 1;
  return (
    <Page title={texts.channels.open} aside={<Link href="/canali">{texts.common.back}</Link>}>
      <ol className="steps">
        {wizard.steps.map((name, index) => (
          <li key={name} aria-current={index === step ? 'step' : undefined}>
            {name}
          </li>
        ))}
      </ol>
      {channel === undefined ? (
        <Open onOpened={setChannel} />
      ) : (
        <>
          <p className="notice" role="status">
            {wizard.opened}
          </p>
          {signed ? (
            <Trial channel={channel} />
          ) : (
            <Credentials channel={channel} onDone={() => setSigned(true)} />
          )}
        </>
      )}
    </Page>
  );
}

function Open({ onOpened }: { readonly onOpened: (channel: Channel) => void }) {
  const { texts } = useSpeech();
  const { wizard } = texts.channels;
  const api = useApi();
  const queries = useQueryClient();
  const [marketplace, setMarketplace] = useState<Marketplace>('amazon');
  const [name, setName] = useState('');
  const [country, setCountry] = useState('IT');
  const [accountId, setAccountId] = useState('');
  const [contractId, setContractId] = useState('');
  const [deliveryType, setDeliveryType] = useState<'SELF' | 'MMF'>('SELF');
  const open = useMutation({
    mutationFn: () =>
      api.call('openChannel', {
        body: {
          marketplace,
          country,
          accountId,
          ...(name.trim() === '' ? {} : { name: name.trim() }),
          ...(marketplace === 'manomano' ? { contracts: [{ contractId, country, deliveryType }] } : {}),
        },
      }),
    onSuccess: (channel) => {
      void queries.invalidateQueries({ queryKey: ['listChannels'] });
      onOpened(channel);
    },
  });
  return (
    <Section title={wizard.steps[0] ?? ''}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          open.mutate();
        }}
      >
        <Choice
          label={wizard.marketplace}
          value={marketplace}
          onChange={(value) => setMarketplace(value as Marketplace)}
          options={MARKETPLACES}
        />
        <Field label={wizard.name} value={name} onChange={setName} />
        <Field
          label={wizard.country}
          value={country}
          onChange={(value) => setCountry(value.toUpperCase())}
          required
          pattern="[A-Z]{2}"
        />
        <Field
          label={wizard.accountId}
          value={accountId}
          onChange={setAccountId}
          required
          pattern="[\w.\-]{1,64}"
        />
        {marketplace === 'manomano' ? (
          <>
            <Field
              label={wizard.contract}
              value={contractId}
              onChange={setContractId}
              required
              pattern="\d{1,20}"
            />
            <Choice
              label={wizard.delivery}
              value={deliveryType}
              onChange={(value) => setDeliveryType(value as 'SELF' | 'MMF')}
              options={[
                ['SELF', 'SELF'],
                ['MMF', 'MMF'],
              ]}
            />
          </>
        ) : null}
        <Button type="submit" isPending={open.isPending}>
          {wizard.open}
        </Button>
        {open.error === null ? null : <Failed error={open.error} />}
      </form>
    </Section>
  );
}

function Credentials({ channel, onDone }: { readonly channel: Channel; readonly onDone: () => void }) {
  const { language, texts } = useSpeech();
  const { wizard, fields } = texts.channels;
  const api = useApi();
  const owner = useMay('owner');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const { marketplace, accountId } = channel;
  const save = useMutation({
    mutationFn: () => {
      const value = (name: string) => values[name] ?? '';
      const params = { accountId };
      switch (marketplace) {
        case 'amazon':
          return api.call('saveAmazonCredentials', {
            params,
            body: {
              clientId: value('clientId'),
              clientSecret: value('clientSecret'),
              refreshToken: value('refreshToken'),
            },
          });
        case 'ebay':
          return api.call('saveEbayCredentials', {
            params,
            body: {
              appId: value('appId'),
              certId: value('certId'),
              ruName: value('ruName'),
              refreshToken: value('refreshToken'),
            },
          });
        case 'manomano':
          return api.call('saveManomanoCredentials', { params, body: { apiKey: value('apiKey') } });
      }
    },
    // What was typed in is not kept a moment longer.
    onSuccess: () => setValues({}),
  });
  return (
    <Section title={wizard.steps[1] ?? ''}>
      {owner ? (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <p>{wizard.credentials}</p>
          {FIELDS[marketplace].map((name) => (
            <Field
              key={name}
              label={fields[name]}
              type="password"
              required
              value={values[name] ?? ''}
              onChange={(value) => setValues({ ...values, [name]: value })}
            />
          ))}
          <Button type="submit" isPending={save.isPending}>
            {wizard.saveCredentials}
          </Button>
        </form>
      ) : (
        <p>{wizard.onlyOwner}</p>
      )}
      <div role="status">
        {save.data?.messages[language].map((message) => (
          <p key={message}>{message}</p>
        ))}
      </div>
      {save.error === null ? null : <Failed error={save.error} />}
      <Button onPress={onDone}>{save.isSuccess ? '→' : wizard.skip}</Button>
    </Section>
  );
}

function Trial({ channel }: { readonly channel: Channel }) {
  const { language, texts } = useSpeech();
  const { wizard } = texts.channels;
  const api = useApi();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const { channelId, marketplace } = channel;
  const route = {
    amazon: 'dryRunAmazonChannel',
    ebay: 'dryRunEbayChannel',
    manomano: 'dryRunManomanoChannel',
  } as const;
  const trial = useMutation({ mutationFn: () => api.call(route[marketplace], { params: { channelId } }) });
  const on = useMutation({
    mutationFn: () =>
      api.call('switchSync', {
        params: { channelId, switch: 'orders' },
        body: { on: true },
        version: channel.version,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['listChannels'] });
      go('/canali');
    },
  });
  return (
    <Section title={wizard.steps[2] ?? ''}>
      <Button isPending={trial.isPending} onPress={() => trial.mutate()}>
        {wizard.dryRun}
      </Button>
      <div role="status">
        {trial.isPending ? wizard.dryRunning : null}
        {trial.data?.messages[language].map((message) => (
          <p key={message}>{message}</p>
        ))}
      </div>
      {trial.error === null ? null : <Failed error={trial.error} />}
      <span className="inline">
        <Button isPending={on.isPending} onPress={() => on.mutate()}>
          {wizard.switchOn}
        </Button>
        <Link href="/canali">{wizard.later}</Link>
      </span>
      {on.error === null ? null : <Failed error={on.error} />}
    </Section>
  );
}
