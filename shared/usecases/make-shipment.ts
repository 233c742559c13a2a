import type { Buyer, PostalAddress } from '../domain/buyer.ts';
import type { AskedCourier } from '../domain/courier-account.ts';
import { UnavailableError } from '../domain/errors.ts';
import { type Money, parseDecimal } from '../domain/money.ts';
import { shippingBlock } from '../domain/order-status.ts';
import { isSameRecipient, type Recipient, recipientOf } from '../domain/recipient.ts';
import {
  newShipment,
  numericSenderReference,
  type Shipment,
  type ShipmentKey,
  type ShipmentMaking,
  type ShippedOrder,
  shipmentKey,
} from '../domain/shipment.ts';
import { refusable, type ShipmentRefusal, ShipmentRefusedError } from '../domain/shipment-refusal.ts';
import { checkNamedOnce } from '../domain/shipped-quantities.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { ShipmentCreator } from '../ports/shipment-creator.ts';
import { type Acting, noteActivity } from './acting.ts';
import { type AttemptMakingDeps, attemptMaking, attended } from './attempt-making.ts';
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

/** The courier that shipments are made at. */
const COURIER = 'brt' satisfies AskedCourier;
/** Times that the orders are read anew when another shipment of theirs came in between. */
const RESERVATIONS_MAX = 5;
/** Longer than whoever waits for the answer can wait: then somebody else looks whether it was made. */
const LOOKED_AFTER_MS = 60_000;

/** Look after a shipment that is being made. */
export interface ShipmentMakingJob {
  readonly type: 'shipment-making-requested';
  readonly version: 1;
  readonly correlationId: string;
  readonly shipmentKey: string;
}

export interface MakeShipmentDeps extends ContentsDeps, AttemptMakingDeps, Acting {
  readonly shipments: ContentsDeps['shipments'];
  readonly creator: ShipmentCreator;
  readonly makings: JobQueue<ShipmentMakingJob>;
}

/** Amounts as people write them: `{ amount: '19.90', currency: 'EUR' }`. */
interface Amount {
  readonly amount: string;
  readonly currency: string;
}

/** What is to be carried. */
export interface Goods
  extends Pick<
    ShipmentMaking,
    'parcelCount' | 'weightGrams' | 'volumeCm3' | 'pickUpPointId' | 'labelFormat'
  > {
  readonly cashOnDelivery?: Amount | undefined;
  readonly insuredValue?: Amount | undefined;
}

export interface MakingWish extends Goods {
  readonly courierAccountId?: string | undefined;
  readonly orders: readonly ShippedOrder[];
  /** In the place of the buyer's own address; kept with the buyer. */
  readonly recipient?: Recipient | undefined;
  /** Names this wish: under the same it is the same shipment. */
  readonly requestKey: string;
  /** Orders that are red are shipped all the same. */
  readonly confirmedRed?: boolean | undefined;
}

/** The shipment as it stands: `reserved` while the courier has not answered, `refused` when it said no. */
export type MadeShipment =
  | { readonly outcome: 'done'; readonly shipment: Shipment }
  | { readonly outcome: 'refused'; readonly refusal: ShipmentRefusal };

/**
 * Makes a shipment at the courier: its reference is taken and stored with what was asked for, then the courier is told.
 * What does not come to an end here is looked after by the queue, which is told before anything is stored.
 */
export function makeShipment(deps: MakeShipmentDeps, wish: MakingWish): Promise<MadeShipment> {
  return refusable(async () => {
    checkNamedOnce(wish.orders);
    const account = await courierAccountFor(deps, COURIER, wish.courierAccountId);
    if (account === undefined) {
      throw new ShipmentRefusedError('account-unknown', wish.courierAccountId ?? COURIER);
    }
    const shipment = await reserve(deps, wish, account.courierAccountId);
    return attempted(deps, shipment);
  });
}

/** Has the courier asked again about a shipment that it refused, with what was changed. */
export function makeShipmentAgain(
  deps: MakeShipmentDeps,
  key: ShipmentKey,
  changes: Partial<Goods> & {
    readonly recipient?: Recipient | undefined;
    readonly confirmedRed?: boolean | undefined;
  },
): Promise<MadeShipment | undefined> {
  return refusable(async () => {
    const shipment = await deps.shipments.get(key);
    if (shipment === undefined) return undefined;
    const making = askable(shipment);
    const { recipient, confirmedRed, ...goods } = changes;
    const contents = await readContents(deps, shipment.orders);
    checkMayLeave(shipment.orders, contents);
    checkRed(shipment.orders, contents, confirmedRed);
    await keepRecipient(deps, shipment.orders, recipient);
    await checkRecipients(deps, shipment.orders);
    // An attempt whose end nobody knows stays noted: it is taken back first.
    const again: Shipment = {
      ...shipment,
      making: attended(
        { ...making, ...moneyIn(goods), state: 'reserved', attempts: 0, problem: undefined },
        deps.clock.now(),
      ),
    };
    await deps.makings.send(makingJob(key), { delayMs: LOOKED_AFTER_MS });
    if ((await deps.shipments.change(again, shipment.version)) === 'conflict') {
      throw new ShipmentRefusedError('changed-meanwhile');
    }
    return attempted(deps, again);
  });
}

function askable({ making }: Shipment): ShipmentMaking {
  if (making === undefined) throw new ShipmentRefusedError('not-made-here');
  switch (making.state) {
    case 'made':
    case 'confirmed':
      throw new ShipmentRefusedError('already-made');
    case 'deleted':
      throw new ShipmentRefusedError('already-deleted');
    default:
      return making;
  }
}

async function attempted(deps: MakeShipmentDeps, shipment: Shipment): Promise<MadeShipment> {
  const attempt = await attemptMaking(deps, shipment.shipmentKey);
  return { outcome: 'done', shipment: attempt?.shipment ?? shipment };
}

/** Stores what was asked for under a reference of its own; the one that was stored before, when it was asked before. */
async function reserve(
  deps: MakeShipmentDeps,
  wish: MakingWish,
  courierAccountId: string,
): Promise<Shipment> {
  let key: ShipmentKey | undefined;
  let senderReference = '';
  for (let attempt = 0; attempt < RESERVATIONS_MAX; attempt += 1) {
    const contents = await readContents(deps, wish.orders);
    const before = contents.shipments.find(({ making }) => making?.requestKey === wish.requestKey);
    if (before !== undefined) return before;
    const [missing] = ordersNotHere(wish.orders, contents);
    if (missing !== undefined) throw new ShipmentRefusedError('order-unknown', numberOf(missing));
    checkMayLeave(wish.orders, contents);
    checkContents(wish.orders, contents);
    checkRed(wish.orders, contents, wish.confirmedRed);
    await keepRecipient(deps, wish.orders, wish.recipient);
    await checkRecipients(deps, wish.orders);

    const nowMs = deps.clock.now();
    if (key === undefined) {
      const year = new Date(nowMs).getUTCFullYear();
      const sequence = await deps.shipments.nextSequence(year);
      senderReference = numericSenderReference({ year, sequence });
      key = shipmentKey(COURIER, senderReference);
      await deps.makings.send(makingJob(key), { delayMs: LOOKED_AFTER_MS });
    }
    const shipment = newShipment(
      {
        courier: COURIER,
        courierAccountId,
        senderReference,
        orders: wish.orders,
        parcels: [],
        making: attended(
          {
            ...goodsOf(wish),
            state: 'reserved',
            attempts: 0,
            requestKey: wish.requestKey,
            warnings: [],
            labelKeys: [],
          },
          nowMs,
        ),
      },
      nowMs,
    );
    const created = await deps.shipments.create(shipment, nextPackages(wish.orders, contents, key), []);
    if (created === 'created') {
      await noteActivity(deps, {
        action: 'shipment-reserved',
        subject: `shipment/${key}`,
        after: {
          orders: wish.orders.map(({ orderId }) => orderId),
          parcels: wish.parcelCount,
          cashOnDelivery: wish.cashOnDelivery === undefined ? null : wish.cashOnDelivery.amount,
          otherRecipient: wish.recipient !== undefined,
        },
      });
      return shipment;
    }
    // Somebody registered a shipment of another program under this very number.
    if (created === 'exists') key = undefined;
  }
  throw new UnavailableError('dynamodb', 'the orders of a shipment keep being changed by others');
}

/** Has somebody look after a shipment. */
export function makingJob(key: ShipmentKey): ShipmentMakingJob {
  return { type: 'shipment-making-requested', version: 1, correlationId: key, shipmentKey: key };
}

function checkMayLeave(orders: readonly ShippedOrder[], contents: Contents): void {
  for (const { orderId } of orders) {
    const order = contents.orders.get(orderId);
    const block = order && shippingBlock(order);
    if (block !== undefined) throw new ShipmentRefusedError(block, numberOf(orderId));
  }
}

/** Everybody's recipient is known, and it is one. */
async function checkRecipients({ buyers }: MakeShipmentDeps, orders: readonly ShippedOrder[]): Promise<void> {
  const recipients: Recipient[] = [];
  for (const { orderId } of orders) {
    recipients.push(recipientOf(await buyers.getBuyer(orderId), numberOf(orderId)));
  }
  const [first, ...others] = recipients;
  if (others.some((other) => first === undefined || !isSameRecipient(first, other))) {
    throw new ShipmentRefusedError(
      'different-recipients',
      orders.map((each) => numberOf(each.orderId)).join(', '),
    );
  }
}

async function keepRecipient(
  { buyers }: MakeShipmentDeps,
  orders: readonly ShippedOrder[],
  recipient: Recipient | undefined,
): Promise<void> {
  if (recipient === undefined) return;
  const { name, address, postcode, city, province, countryCode, phone } = recipient;
  const shipTo: PostalAddress = {
    name,
    lines: [address],
    postalCode: postcode,
    city,
    region: province,
    countryCode,
    phone,
  };
  for (const { orderId } of orders) {
    const buyer: Buyer | undefined = await buyers.getBuyer(orderId);
    // Without a row nobody knows until when an address may be kept.
    if (buyer === undefined) throw new ShipmentRefusedError('buyer-unknown', numberOf(orderId));
    if (buyer.state === 'deleted') throw new ShipmentRefusedError('buyer-deleted', numberOf(orderId));
    await buyers.putBuyer({ ...buyer, shipTo });
  }
}

/** Named one by one: a wish holds its recipient beside them, who must not come along into the state table. */
function goodsOf(wish: Goods) {
  const { parcelCount, weightGrams, volumeCm3, pickUpPointId, labelFormat } = wish;
  const { cashOnDelivery, insuredValue } = wish;
  const goods = { parcelCount, weightGrams, volumeCm3, pickUpPointId, labelFormat };
  return { ...goods, ...moneyIn({ cashOnDelivery, insuredValue }) };
}

/** The same with amounts in minor units. */
function moneyIn<Given extends Pick<Goods, 'cashOnDelivery' | 'insuredValue'>>(given: Given) {
  const { cashOnDelivery, insuredValue, ...rest } = given;
  return {
    ...rest,
    ...(cashOnDelivery === undefined ? {} : { cashOnDelivery: moneyOf(cashOnDelivery) }),
    ...(insuredValue === undefined ? {} : { insuredValue: moneyOf(insuredValue) }),
  };
}

function moneyOf({ amount, currency }: Amount): Money {
  try {
    const amountMinor = parseDecimal(amount, currency);
    if (amountMinor > 0) return { amountMinor, currency };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new ShipmentRefusedError('amount-malformed', `${amount} ${currency}`);
}
