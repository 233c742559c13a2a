import { NO_COURIER_ACCOUNT } from '../domain/courier-account.ts';
import { UnavailableError } from '../domain/errors.ts';
import type { OrderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import {
  carriesTheSame,
  isSameShipment,
  type RegisteredIdentity,
  type Registration,
  registeredIdentity,
} from '../domain/registration.ts';
import { newShipment, type Shipment, shipmentKey } from '../domain/shipment.ts';
import { refusable, type ShipmentRefusal, ShipmentRefusedError } from '../domain/shipment-refusal.ts';
import { checkNamedOnce } from '../domain/shipped-quantities.ts';
import { wantedConfirmations } from '../domain/shipping-confirmation.ts';
import { type Acting, noteActivity } from './acting.ts';
import {
  type Contents,
  type ContentsDeps,
  checkContents,
  checkRed,
  courierAccountFor,
  nextPackages,
  numberOf,
  ordersNotHere,
  readContents,
} from './shipment-contents.ts';

/** Times that the orders are read anew when another shipment of theirs came in between. */
const ATTEMPTS_MAX = 5;

export type { Registration } from '../domain/registration.ts';
export interface RegisterShipmentDeps extends ContentsDeps, Acting {}

export type RegisteredShipment =
  | {
      /** `known`: it was here already, and stays as it is. */
      readonly outcome: 'registered' | 'known';
      readonly shipment: Shipment;
      /** Orders that have not been pulled yet; their marketplace is told once they are. */
      readonly waitingFor: readonly OrderId[];
    }
  | { readonly outcome: 'refused'; readonly refusal: ShipmentRefusal };

/**
 * Registers a shipment that was made elsewhere: at the counter, with the courier's own program. The same one again, under
 * whichever of its numbers, is the same shipment. What is known of it already goes to the marketplaces; the rest is
 * asked of the courier.
 */
export function registerShipment(
  deps: RegisterShipmentDeps,
  registration: Registration & { readonly confirmedRed?: boolean | undefined },
): Promise<RegisteredShipment> {
  const { confirmedRed, ...wanted } = registration;
  return refusable(() => register(deps, wanted, confirmedRed));
}

async function register(
  deps: RegisterShipmentDeps,
  registration: Registration,
  confirmedRed: boolean | undefined,
): Promise<RegisteredShipment> {
  checkNamedOnce(registration.orders);
  const identity = registeredIdentity(registration);
  const { courier, courierAccountId } = registration;
  const account = await courierAccountFor(deps, courier, courierAccountId);
  // Without a contract BRT tells nothing, and its own number may never be known.
  if (account === undefined && courier === 'brt') {
    throw new ShipmentRefusedError('account-unknown', courierAccountId ?? courier);
  }
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const contents = await readContents(deps, registration.orders);
    const waitingFor = ordersNotHere(registration.orders, contents);
    const same = await findSame(deps, registration, identity, contents);
    if (same !== undefined) return { outcome: 'known', shipment: same, waitingFor };
    checkContents(registration.orders, contents);
    checkRed(registration.orders, contents, confirmedRed);

    const nowMs = deps.clock.now();
    const shipment = shipmentOf(registration, identity, account?.courierAccountId, nowMs);
    const packages = nextPackages(registration.orders, contents, shipment.shipmentKey);
    // Nobody sends a message for these: whoever looks for lost ones finds them at its next look.
    const confirmations = wantedConfirmations(shipment, packages, nowMs).map((confirmation) =>
      confirmation.dueAt === undefined ? confirmation : { ...confirmation, dueAt: confirmation.knownAt },
    );
    if ((await deps.shipments.create(shipment, packages, confirmations)) !== 'created') continue;
    await noteActivity(deps, {
      action: 'shipment-registered',
      subject: `shipment/${shipment.shipmentKey}`,
      after: {
        orders: registration.orders.map(({ orderId }) => orderId),
        trackingNumber: shipment.trackingNumber ?? null,
      },
    });
    return { outcome: 'registered', shipment, waitingFor };
  }
  throw new UnavailableError('dynamodb', 'the orders of a shipment keep being changed by others');
}

/**
 * The shipment itself, where it is here already: under its key, or among those of its orders under another number.
 * @throws ShipmentRefusedError when it carries something else
 */
async function findSame(
  { shipments }: RegisterShipmentDeps,
  { courier, orders }: Registration,
  identity: RegisteredIdentity,
  contents: Contents,
): Promise<Shipment | undefined> {
  const stored =
    (await shipments.get(shipmentKey(courier, identity.senderReference))) ??
    contents.shipments.find((shipment) => isSameShipment(shipment, courier, identity));
  if (stored === undefined) return undefined;
  if (stored.making?.state === 'deleted' || !carriesTheSame(stored.orders, orders)) {
    throw new ShipmentRefusedError(
      'reference-taken',
      stored.orders.map((each) => numberOf(each.orderId)).join(', '),
    );
  }
  return stored;
}

function shipmentOf(
  { courier, orders, carrierName, trackingUrl, shippedAt }: Registration,
  { senderReference, parcels, courierShipmentId, trackingNumber }: RegisteredIdentity,
  courierAccountId: string | undefined,
  nowMs: number,
): Shipment {
  const at = isoInstant(nowMs);
  return newShipment(
    {
      courier,
      courierAccountId: courierAccountId ?? NO_COURIER_ACCOUNT,
      senderReference,
      orders,
      parcels,
      courierShipmentId,
      ...(trackingNumber === undefined ? {} : { trackingNumber, trackingKnownAt: at }),
      shippedAt: shippedAt === undefined ? undefined : isoInstant(Date.parse(shippedAt)),
      carrierName,
      trackingUrl,
      // It may have been on its way for days.
      nextCheckAt: courierAccountId === undefined ? undefined : at,
    },
    nowMs,
  );
}
