import type { Buyer, PostalAddress } from '../../domain/buyer.ts';
import type { OrderId } from '../../domain/order.ts';
import type { ProviderConnection } from '../../ports/personal-data-provider.ts';
import type {
  PersonalDataAnswer,
  PersonalDataRequest,
  PersonalDataSource,
} from '../../ports/personal-data-source.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import { type HttpProviderClient, type ProviderHttpAnswer, successOf } from './client.ts';
import { codeOf, failureOf, retryAfterMs } from './errors.ts';
import {
  type AddressAnswer,
  batchSchema,
  type PersonalInformation,
  personalInformationSchema,
} from './schemas.ts';

/** The contract's limit of one batch. */
const ORDERS_PER_CALL_MAX = 50;
/** The contract names no rate; this is ours, and far above what a shop needs. */
export const HTTP_PROVIDER_QUOTA: QuotaPlan = { ratePerSecond: 2, burst: 20 };

/** The personal data of one module's orders. */
export function createHttpProviderSource(
  client: HttpProviderClient,
  connect: () => Promise<ProviderConnection>,
  moduleId: string,
): PersonalDataSource {
  return {
    ordersPerCallMax: ORDERS_PER_CALL_MAX,
    async fetch(requests) {
      if (requests.length === 0 || requests.length > ORDERS_PER_CALL_MAX) {
        throw new RangeError(`a batch is 1 to ${ORDERS_PER_CALL_MAX} orders, not ${requests.length}`);
      }
      const connection = await connect();
      const [first] = requests;
      return requests.length === 1 && first !== undefined
        ? new Map([[first.orderId, await fetchOne(client, connection, moduleId, first)]])
        : fetchBatch(client, connection, moduleId, requests);
    },
  };
}

async function fetchOne(
  client: HttpProviderClient,
  connection: ProviderConnection,
  moduleId: string,
  request: PersonalDataRequest,
): Promise<PersonalDataAnswer> {
  const operation = 'personalInformation';
  const answer = await client.call(connection, {
    operation,
    method: 'GET',
    path: ['modules', moduleId, 'orders', request.marketplaceOrderId, 'personal-information'],
  });
  const known = itemAnswer(request, {
    status: answer.status,
    code: codeOf(answer.body),
    retryAfterMs: retryAfterMs(answer),
    personalInformation: answer.body,
  });
  // A throttle or an outage of a single call is of the provider, not of the order.
  if (known === undefined || known.outcome === 'throttled' || known.outcome === 'unavailable') {
    throw failureOf(operation, answer);
  }
  return known;
}

async function fetchBatch(
  client: HttpProviderClient,
  connection: ProviderConnection,
  moduleId: string,
  requests: readonly PersonalDataRequest[],
): Promise<ReadonlyMap<OrderId, PersonalDataAnswer>> {
  const operation = 'personalInformationBatch';
  const answer: ProviderHttpAnswer = await client.call(connection, {
    operation,
    method: 'POST',
    path: ['modules', moduleId, 'personal-information:batch'],
    body: { orderIds: requests.map(({ marketplaceOrderId }) => marketplaceOrderId) },
  });
  const { results } = successOf(operation, answer, batchSchema);
  return new Map(
    requests.flatMap((request) => {
      const item = results.find(({ orderId }) => orderId === request.marketplaceOrderId);
      const known =
        item &&
        itemAnswer(request, {
          status: item.status,
          code: codeOf(item),
          retryAfterMs: retryAfterMs({ retryAfter: null, body: item }),
          personalInformation: item.personalInformation,
        });
      return [[request.orderId, known ?? { outcome: 'unexpected-answer' }] as const];
    }),
  );
}

/** What the provider says of one order; undefined when its status says something else. */
function itemAnswer(
  request: PersonalDataRequest,
  item: {
    readonly status: number;
    readonly code: string | undefined;
    readonly retryAfterMs: number;
    readonly personalInformation: unknown;
  },
): PersonalDataAnswer | undefined {
  const { status, code } = item;
  if (status === 200) {
    const parsed = personalInformationSchema.safeParse(item.personalInformation);
    const isOfThisOrder = parsed.success && parsed.data.orderId === request.marketplaceOrderId;
    // Somebody else's address on a parcel is worse than none.
    if (!isOfThisOrder) return { outcome: 'unexpected-answer' };
    return { outcome: 'found', buyer: buyerOf(request, parsed.data) };
  }
  if (status === 202) return { outcome: 'being-fetched', retryAfterMs: item.retryAfterMs };
  if (status === 404 && (code === 'ORDER_NOT_FOUND' || code === undefined)) return { outcome: 'not-visible' };
  if (status === 410) return { outcome: 'expired' };
  if (status === 429) return { outcome: 'throttled', retryAfterMs: item.retryAfterMs };
  if (status >= 500) return { outcome: 'unavailable' };
  return undefined;
}

function buyerOf({ orderId, expiresAt }: PersonalDataRequest, person: PersonalInformation): Buyer {
  const { buyer, shippingAddress, billingAddress, taxIds, fetchedAt, availableUntil } = person;
  const destination = (type: string) => taxIds.find((taxId) => taxId.type === type)?.value;
  return {
    orderId,
    state: 'present',
    name: buyer.name,
    email: buyer.email,
    company: buyer.companyName,
    deliveryAddress: addressOf(shippingAddress, buyer.phone),
    ...(billingAddress ? { billingAddress: addressOf(billingAddress, undefined) } : {}),
    invoiceDestination: destination('SDI_CODE') ?? destination('PEC'),
    taxRegistrations: taxIds
      .filter(({ type }) => type === 'CODICE_FISCALE' || type === 'VAT')
      .map(({ type, value }) => ({ kind: type, number: value })),
    lines: [],
    updatedAt: fetchedAt,
    expiresAt,
    keptAtMostUntil: availableUntil,
  };
}

function addressOf(address: AddressAnswer, phone: string | undefined): PostalAddress {
  return {
    name: address.name,
    lines: [address.line1, address.line2, address.line3].filter((line) => line !== undefined),
    city: address.city,
    region: address.province,
    postalCode: address.postalCode,
    countryCode: address.countryIso,
    phone,
  };
}
