import {
  createMakeShipmentHandler,
  type MakeShipmentHandlerDeps,
} from '../../functions/make-shipment/handler.ts';
import { createBrtStandIn } from '../../local/partners/brt/stand-in.ts';
import { CONNECTION_DROPPED, type Partner } from '../../local/partners/partner.ts';
import { createBrtClient } from '../../shared/adapters/brt/client.ts';
import { createBrtShipments } from '../../shared/adapters/brt/shipments.ts';
import { orderId } from '../../shared/domain/order.ts';
import type { ShipmentKey } from '../../shared/domain/shipment.ts';
import { lookAfterMaking } from '../../shared/usecases/look-after-making.ts';
import { deleteMadeShipment, readLabel } from '../../shared/usecases/made-shipments.ts';
import {
  type MakeShipmentDeps,
  type MakingWish,
  makeShipment,
  makeShipmentAgain,
} from '../../shared/usecases/make-shipment.ts';
import { PLANTED } from './planted-people.ts';
import { sqsEventOf } from './sqs-event.ts';

const CUSTOMER = { userId: 'demo', password: 'demo-not-a-secret', customerCode: '9000001' };
/** Longer than BRT takes to settle what it was told. */
const SETTLED_MS = 6 * 60_000;
/** Of the demonstration shop, and to be shipped. */
const ORDER = orderId('amazon', '300-0000007-0000007');
/** In small letters: BRT spells it another way, and has it kept with the buyer. */
const RECIPIENT = {
  name: `${PLANTED} recipient`,
  address: `${PLANTED} square 1`,
  postcode: '60100',
  city: `${PLANTED} town`,
  province: 'AN',
  countryCode: 'IT',
  phone: `+39${PLANTED}`,
};
const WISH: MakingWish = {
  orders: [{ orderId: ORDER, lines: [] }],
  recipient: RECIPIENT,
  parcelCount: 2,
  weightGrams: 1_000,
  labelFormat: 'PDF',
  requestKey: 'operator/key-1',
};

/** BRT, whose refusals quote the person while `broken`: now as a no of its own, now as a page for people. */
export function quotingBrt(broken: () => boolean, now: () => number): Pick<Partner, 'hosts' | 'answer'> {
  const brt = createBrtStandIn({ customer: CUSTOMER, now });
  let refusals = 0;
  return {
    hosts: brt.hosts,
    answer(request) {
      const answer = brt.answer(request);
      if (!broken() || answer === CONNECTION_DROPPED) return answer;
      refusals += 1;
      const root = `${answer.operation}Response`;
      const message = `${PLANTED} quoted`;
      const refusal = {
        [root]: { executionMessage: { code: -63, severity: 'ERROR', codeDesc: message, message } },
      };
      return refusals % 2 === 1
        ? { ...answer, body: JSON.stringify(refusal) }
        : { ...answer, status: 502, body: `<title>${PLANTED} quoted</title>` };
    },
  };
}

/** The creator that asks whoever answers `fetch`. */
export function brtCreator(): MakeShipmentDeps['creator'] {
  return createBrtShipments(async () => createBrtClient({ ...CUSTOMER, departureDepot: '66' }));
}

/**
 * Makes a shipment of a planted order to a planted recipient, once more, and by the queue; has its label read and one
 * shipment deleted.
 * @param perform does one piece of work as the runtime would, whatever comes of it
 */
export async function makePlantedShipments(
  deps: MakeShipmentDeps & Parameters<typeof deleteMadeShipment>[0] & Parameters<typeof readLabel>[0],
  observed: Pick<MakeShipmentHandlerDeps, 'logger' | 'metrics'>,
  perform: (work: () => Promise<unknown>) => Promise<unknown>,
  turn: { nowMs: number },
): Promise<void> {
  const handle = createMakeShipmentHandler({ lookAfter: (job) => lookAfterMaking(deps, job), ...observed });
  for (let round = 1; round <= 2; round += 1) {
    // Only when the first one could not be stored is there room for another of the order.
    const wish = { ...WISH, requestKey: `operator/key-${round}` };
    const keys: ShipmentKey[] = [];
    await perform(async () => void observed.logger.info('made', { answer: await makeShipment(deps, wish) }));
    await perform(async () => {
      for (const { shipmentKey } of await deps.shipments.packagesOf(ORDER)) keys.push(shipmentKey);
    });
    for (const key of keys) {
      await perform(async () => {
        const again = await makeShipmentAgain(deps, key, { recipient: RECIPIENT, weightGrams: 1_100 });
        observed.logger.info('made-again', { again });
      });
      turn.nowMs += SETTLED_MS;
      const job = { type: 'shipment-making-requested', version: 1, correlationId: key, shipmentKey: key };
      await perform(() => handle(sqsEventOf(JSON.stringify(job))));
      await perform(() => readLabel(deps, { shipmentKey: key, parcel: 1 }));
      if (round === 2) continue;
      await perform(async () => {
        observed.logger.info('taken-back', { answer: await deleteMadeShipment(deps, key) });
      });
    }
  }
}
