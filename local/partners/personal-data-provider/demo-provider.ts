import { createPersonalDataProvider, type PersonalDataProviderStandIn } from './stand-in.ts';

/** The invented provider of the demonstration: where it answers, and to which key. */
const DEMO_PROVIDER = {
  host: 'personal-data.example',
  apiKey: 'demo-provider-not-a-secret',
} as const;

const DAY_MS = 86_400_000;
/** A real provider asks the marketplace first. */
const FETCHING_MS = 2_000;

/** The provider of the demonstration. An account opened there has a module for each of the shop's Amazon channels. */
export function createDemoProvider(): PersonalDataProviderStandIn {
  return createPersonalDataProvider({
    ...DEMO_PROVIDER,
    now: () => Date.now(),
    fetchingMs: FETCHING_MS,
    availableMs: 30 * DAY_MS,
    shops: [
      { id: 'demo-amazon-it', kind: 'amazon', marketplace: 'IT', label: 'Amazon.it' },
      { id: 'demo-amazon-de', kind: 'amazon', marketplace: 'DE', label: 'Amazon.de' },
    ],
  });
}
