import {
  createPersonalDataProvider,
  type PersonalDataProviderStandIn,
  type ProviderPerson,
} from '../../local/partners/personal-data-provider/stand-in.ts';
import {
  createHttpProviderClient,
  type HttpProviderClient,
} from '../../shared/adapters/http-provider/client.ts';
import { partnerFetch } from './partner-fetch.ts';
import { heldAgainstContract } from './provider-contract.ts';

export const PROVIDER_URL = 'https://personal-data.example';
export const PROVIDER_KEY = 'key-0123456789abcdef';

export const CUSTOMER = {
  legalName: 'Bottega Inventata Srl',
  vatNumber: 'IT00000000000',
  contactEmail: 'ufficio@bottega.example',
};

export const PERSON: ProviderPerson = {
  buyer: { name: 'Persona Inventata', email: 'persona@buyer.example', phone: '+390000000000' },
  shippingAddress: {
    name: 'Persona Inventata',
    line1: 'Via Inventata 1',
    city: 'Cittainventata',
    province: 'XX',
    postalCode: '00000',
    countryIso: 'IT',
  },
  taxIds: [{ type: 'CODICE_FISCALE', value: 'NVNNMN00A00A000A' }],
};

/** A provider with a clock, and a client that reaches it; every call is held against the contract. */
export function aProvider(options: { readonly fetchingMs?: number; readonly now?: () => number } = {}): {
  readonly standIn: PersonalDataProviderStandIn;
  readonly client: HttpProviderClient;
  readonly contract: ReturnType<typeof heldAgainstContract>;
  readonly connection: { readonly baseUrl: string; readonly apiKey: string };
} {
  const standIn = createPersonalDataProvider({
    host: new URL(PROVIDER_URL).host,
    apiKey: PROVIDER_KEY,
    now: options.now ?? (() => Date.parse('2026-11-23T09:00:00.000Z')),
    fetchingMs: options.fetchingMs ?? 0,
    availableMs: 30 * 86_400_000,
  });
  const contract = heldAgainstContract(standIn);
  let calls = 0;
  const client = createHttpProviderClient(() => {
    calls += 1;
    return `request-${String(calls).padStart(4, '0')}`;
  }, partnerFetch(contract));
  return { standIn, client, contract, connection: { baseUrl: PROVIDER_URL, apiKey: PROVIDER_KEY } };
}
