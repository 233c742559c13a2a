import * as z from 'zod';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import type { ShipmentTracker, TrackingAnswer, TrackingRefs } from '../../ports/shipment-tracker.ts';
import type { BrtClient } from './client.ts';
import { problemOf, unexpected } from './errors.ts';
import { shipmentIdSchema } from './schemas.ts';
import { lowerCased, type SoapQuestion } from './soap.ts';
import { readTracking } from './tracking-answer.ts';

const NOT_YET: TrackingAnswer = { found: 'not-yet' };
/** BRT's word for the year that is running. */
const CURRENT_YEAR = 0;
/** A shipment made elsewhere may have left before we heard of it, and not longer ago than it is followed. */
const HEARD_OF_AFTER_MS = 30 * 24 * 3_600_000;

const lookedUpSchema = z.object({
  SPEDIZIONE_ID: shipmentIdSchema,
  SPEDIZIONE_ANNO: z
    .string()
    .trim()
    .regex(/^\d{4}$/)
    .transform(Number)
    .optional()
    // Only one of the services has it, and zero stands for none.
    .catch(undefined),
});

/**
 * BRT's tracking. With a number from the label REST tells all, the shipment's id included, once there is one. Without, the
 * SOAP services find the id by our reference, and at the next asking what became of the shipment.
 */
export function createBrtTracker(clientOf: (accountId: string) => Promise<BrtClient>): ShipmentTracker {
  return {
    async track(refs) {
      const client = await clientOf(refs.courierAccountId);
      const parcel = refs.parcels.find(({ trackingByParcelId }) => trackingByParcelId !== undefined);
      if (parcel?.trackingByParcelId !== undefined) {
        const tracked = await client.trackParcel(parcel.trackingByParcelId);
        return tracked === 'not-yet' ? NOT_YET : { found: 'yes', ...readTracking('track', tracked.answer) };
      }
      if (refs.courierShipmentId === undefined) return lookUp(client, refs);
      return trackById(client, refs.courierShipmentId, refs);
    },
  };
}

/** By the first reference that stands for one shipment only. */
async function lookUp(client: BrtClient, refs: TrackingRefs): Promise<TrackingAnswer> {
  const questions = lookUps(client.account.customerCode, refs);
  let ambiguous: unknown;
  for (const question of questions) {
    try {
      return foundId(question.service, await client.ask(question));
    } catch (error) {
      if (!(error instanceof CourierRefusedError) || error.reason !== 'not-unique') throw error;
      ambiguous = error;
    }
  }
  if (ambiguous !== undefined) throw ambiguous;
  throw new CourierRefusedError('brt', 'brt track: nothing that BRT could know the shipment by', {
    reason: 'invalid',
  });
}

function lookUps(
  customerCode: string,
  { senderReference, alphanumericReference, parcels }: TrackingRefs,
): SoapQuestion[] {
  const CLIENTE_ID = customerCode;
  const numeric = /^\d{1,15}$/.test(senderReference);
  const alphabetic = alphanumericReference ?? (numeric ? undefined : senderReference);
  const parcelId = parcels.find((parcel) => parcel.parcelId !== undefined)?.parcelId;
  const questions: SoapQuestion[] = [];
  if (numeric) {
    questions.push({
      service: 'GetIdSpedizioneByRMN',
      input: { CLIENTE_ID, RIFERIMENTO_MITTENTE_NUMERICO: senderReference },
    });
  }
  if (alphabetic !== undefined && alphabetic.length <= 15) {
    questions.push({
      service: 'GetIdSpedizioneByRMA',
      input: { CLIENTE_ID, RIFERIMENTO_MITTENTE_ALFABETICO: alphabetic },
    });
  }
  if (parcelId !== undefined) {
    questions.push({ service: 'GetIdSpedizioneByIdCollo', input: { CLIENTE_ID, COLLO_ID: parcelId } });
  }
  return questions;
}

function foundId(operation: string, answer: unknown): TrackingAnswer {
  if (answer === 'not-yet') return NOT_YET;
  const parsed = lookedUpSchema.safeParse(answer);
  if (!parsed.success) throw unexpected(operation, problemOf(parsed.error.issues));
  const { SPEDIZIONE_ID: id, SPEDIZIONE_ANNO: year } = parsed.data;
  if (id === undefined) return NOT_YET;
  return { found: 'yes', courierShipmentId: { id, year }, events: [], returnInstructed: false };
}

/**
 * The id found by reference, or entered by a person, comes without its year: the running one is tried first, then the
 * shipment's own, and for one that we heard of in January the year before.
 */
async function trackById(
  client: BrtClient,
  { id, year }: NonNullable<TrackingRefs['courierShipmentId']>,
  { createdAt }: TrackingRefs,
): Promise<TrackingAnswer> {
  const createdMs = Date.parse(createdAt);
  const own = [createdMs, createdMs - HEARD_OF_AFTER_MS].map((ms) => new Date(ms).getUTCFullYear());
  for (const asked of year === undefined ? new Set([CURRENT_YEAR, ...own]) : [year]) {
    const answer = await client.ask({
      service: 'BRT_TrackingByBRTshipmentID',
      input: { LINGUA_ISO639_ALPHA2: 'it', SPEDIZIONE_ANNO: String(asked), SPEDIZIONE_BRT_ID: id },
    });
    if (answer === 'not-yet') continue;
    const found = readTracking('BRT_TrackingByBRTshipmentID', lowerCased(answer));
    if (found.courierShipmentId !== undefined && found.courierShipmentId.id !== id) {
      throw unexpected('BRT_TrackingByBRTshipmentID', 'another shipment than the one asked for');
    }
    return { found: 'yes', ...found };
  }
  return NOT_YET;
}
