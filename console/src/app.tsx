import { lazy, Suspense, useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Link, Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { useMay, useSession } from './session/context.tsx';
import { useSpeech } from './texts/context.tsx';
import { Empty, Loading } from './ui/states.tsx';

const Orders = lazy(() => import('./pages/orders.tsx'));
const Order = lazy(() => import('./pages/order.tsx'));
const Deadlines = lazy(() => import('./pages/deadlines.tsx'));
const Shipments = lazy(() => import('./pages/shipments.tsx'));
const Shipment = lazy(() => import('./pages/shipment.tsx'));
const Reports = lazy(() => import('./pages/reports.tsx'));
const Report = lazy(() => import('./pages/report.tsx'));
const Channels = lazy(() => import('./pages/channels.tsx'));
const OpenChannel = lazy(() => import('./pages/open-channel.tsx'));
const ToSolve = lazy(() => import('./pages/to-solve.tsx'));
const Activity = lazy(() => import('./pages/activity.tsx'));

/** Addresses stand behind the `#`: every page is the same file, and no server learns what is looked at. */
export function App() {
  return (
    <Router hook={useHashLocation}>
      <Shell />
    </Router>
  );
}

function Shell() {
  const { texts } = useSpeech();
  const [at] = useLocation();
  const [menuOpen, setMenuOpen] = useState(false);
  const accounting = useMay('owner', 'operator', 'accountant', 'viewer');
  const operating = useMay('owner', 'operator');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => setMenuOpen(false), [at]);

  const pages: readonly (readonly [string, string])[] = [
    ['/ordini', texts.nav.orders],
    ['/scadenze', texts.nav.deadlines],
    ['/spedizioni', texts.nav.shipments],
    ...(accounting ? ([['/riconciliazioni', texts.nav.reports]] as const) : []),
    ['/canali', texts.nav.channels],
    ['/da-risolvere', texts.nav.toSolve],
    ...(operating ? ([['/attivita', texts.nav.activity]] as const) : []),
  ];
  return (
    <div className="shell">
      <button
        type="button"
        className="skip"
        onClick={() => document.querySelector<HTMLElement>('main')?.focus()}
      >
        {texts.app.skip}
      </button>
      <header className="side" data-open={menuOpen}>
        <div className="brand">
          <img src="/icon.svg" alt="" width="28" height="28" />
          <strong>Markeplay</strong>
          <Button className="menu" aria-expanded={menuOpen} onPress={() => setMenuOpen(!menuOpen)}>
            {texts.app.menu}
          </Button>
        </div>
        <nav aria-label={texts.app.menu}>
          <ul>
            {pages.map(([path, name]) => (
              <li key={path}>
                <Link href={path} aria-current={at.startsWith(path) ? 'page' : undefined}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
          <Settings />
        </nav>
      </header>
      <main tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/ordini" component={Orders} />
            <Route path="/ordini/:marketplace/:orderNumber">
              {({ marketplace, orderNumber }) => (
                <Order marketplace={marketplace} orderNumber={orderNumber} />
              )}
            </Route>
            <Route path="/scadenze" component={Deadlines} />
            <Route path="/spedizioni" component={Shipments} />
            <Route path="/spedizioni/:shipmentKey">
              {({ shipmentKey }) => <Shipment shipmentKey={decodeURIComponent(shipmentKey)} />}
            </Route>
            <Route path="/riconciliazioni" component={Reports} />
            <Route path="/riconciliazioni/:reportId">
              {({ reportId }) => <Report reportId={reportId} />}
            </Route>
            <Route path="/canali" component={Channels} />
            <Route path="/canali/nuovo" component={OpenChannel} />
            <Route path="/da-risolvere" component={ToSolve} />
            <Route path="/attivita" component={Activity} />
            <Route path="/">
              <Redirect to="/ordini" replace />
            </Route>
            <Route>
              <Empty>{texts.common.notFound}</Empty>
            </Route>
          </Switch>
        </Suspense>
      </main>
    </div>
  );
}

const THEME_KEY = 'markeplay.theme';

function Settings() {
  const { language, texts, speak } = useSpeech();
  const session = useSession();
  const [dark, setDark] = useState(() => {
    const chosen = localStorage.getItem(THEME_KEY);
    return chosen === null ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  });
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, [dark]);
  return (
    <div className="settings">
      <Button onPress={() => speak(language === 'it' ? 'en' : 'it')}>{texts.app.language}</Button>
      <Button
        onPress={() => {
          localStorage.setItem(THEME_KEY, dark ? 'light' : 'dark');
          setDark(!dark);
        }}
      >
        {dark ? texts.app.light : texts.app.dark}
      </Button>
      <Button onPress={() => void session.signOut()}>{texts.app.signOut}</Button>
    </div>
  );
}
