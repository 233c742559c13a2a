import type { Language } from '../../../shared/domain/texts/index.ts';
import { makingProblemText, shipmentRefusalText } from '../../../shared/domain/texts/shipments/index.ts';
import { Problem } from '../../../shared/runtime/http-problem.ts';
import {
  confirmMadeShipment,
  deleteMadeShipment,
  type MadeShipmentAnswer,
  type MadeShipmentDeps,
  readLabel,
} from '../../../shared/usecases/made-shipments.ts';
import {
  type MadeShipment,
  type MakeShipmentDeps,
  makeShipment,
  makeShipmentAgain,
} from '../../../shared/usecases/make-shipment.ts';
import {
  namedOrders,
  shipmentKeyOf,
  shippedOrders,
  shownShipment,
} from '../../../shared/usecases/named-shipments.ts';
import { type RegisterShipmentDeps, registerShipment } from '../../../shared/usecases/register-shipment.ts';
import type { Answered, Implementations } from '../implementation.ts';

type Refused = Extract<MadeShipmentAnswer, { outcome: 'refused' }>;

/** What is done about shipments without asking a courier. */
export function shipmentRoutes(
  deps: Omit<RegisterShipmentDeps, 'actor'>,
): Pick<Implementations, 'registerShipment'> {
  return {
    async registerShipment({ body, caller }) {
      const registered = await registerShipment(
        { ...deps, actor: caller.subject },
        { ...body, parcelNumbers: body.parcelNumbers ?? [], orders: shippedOrders(body.orders) },
      );
      if (registered.outcome === 'refused') throw refusalOf(registered);
      return {
        body: {
          shipment: shownShipment(registered.shipment),
          waitingFor: namedOrders(registered.waitingFor),
        },
      };
    },
  };
}

/** What a courier is asked for while a person waits. */
export function courierRoutes(
  deps: Omit<MakeShipmentDeps & MadeShipmentDeps, 'actor'>,
): Pick<
  Implementations,
  'makeShipment' | 'makeShipmentAgain' | 'confirmShipment' | 'deleteShipment' | 'readShipmentLabel'
> {
  return {
    async makeShipment({ body, caller, requestKey }) {
      const wish = { ...body, orders: shippedOrders(body.orders), requestKey };
      return shown(await makeShipment({ ...deps, actor: caller.subject }, wish));
    },

    async makeShipmentAgain({ params, body, caller }) {
      const key = shipmentKeyOf(params.shipmentKey);
      return shown(await makeShipmentAgain({ ...deps, actor: caller.subject }, key, body));
    },

    async confirmShipment({ params, caller }) {
      const key = shipmentKeyOf(params.shipmentKey);
      return shown(await confirmMadeShipment({ ...deps, actor: caller.subject }, key));
    },

    async deleteShipment({ params, caller }) {
      const key = shipmentKeyOf(params.shipmentKey);
      return shown(await deleteMadeShipment({ ...deps, actor: caller.subject }, key));
    },

    async readShipmentLabel({ params, caller }) {
      const label = await readLabel(
        { ...deps, actor: caller.subject },
        { shipmentKey: shipmentKeyOf(params.shipmentKey), parcel: params.parcel },
      );
      if (label === undefined) throw new Problem('not-found');
      if (label.outcome === 'refused') throw refusalOf(label);
      const { format, url, expiresAt } = label;
      return { body: { format, url, expiresAt } };
    },
  };
}

/** A shipment that the courier refused to make is an answer: it is here, and says what to change. */
function shown(answer: MadeShipment | MadeShipmentAnswer | undefined): Answered<'confirmShipment'> {
  if (answer === undefined) throw new Problem('not-found');
  switch (answer.outcome) {
    case 'done':
      return { body: shownShipment(answer.shipment) };
    case 'refused':
      throw refusalOf(answer);
    case 'courier-refused':
      throw new Problem('refused-by-partner', {
        code: answer.problem,
        words: words((language) => makingProblemText(answer.problem, language)),
      });
  }
}

/** Those that would be granted at another moment. */
const OF_THE_MOMENT: readonly Refused['refusal']['code'][] = [
  'reference-taken',
  'already-made',
  'not-made-yet',
  'already-deleted',
  'too-early',
  'changed-meanwhile',
  'red-order',
];

function refusalOf({ refusal, retryAfterMs }: Omit<Refused, 'outcome'>): Problem {
  return new Problem(OF_THE_MOMENT.includes(refusal.code) ? 'conflict' : 'refused', {
    code: refusal.code,
    words: words((language) => shipmentRefusalText(refusal, language)),
    retryAfterMs,
  });
}

function words(sentence: (language: Language) => string): { detail: string; detailEn: string } {
  return { detail: sentence('it'), detailEn: sentence('en') };
}
