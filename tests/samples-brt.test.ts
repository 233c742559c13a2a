import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { createBrtClient } from '../shared/adapters/brt/client.ts';
import { BRT_EVENTS } from '../shared/adapters/brt/events.ts';
import { OUTCOME_REACTIONS } from '../shared/adapters/brt/execution-codes.ts';
import { createBrtShipments } from '../shared/adapters/brt/shipments.ts';
import { createBrtTracker } from '../shared/adapters/brt/tracker.ts';
import { newShipment } from '../shared/domain/shipment.ts';
import { withTracking } from '../shared/domain/tracking.ts';
import type { TrackingRefs } from '../shared/ports/shipment-tracker.ts';

/** Answers as public clients of BRT's services describe them, kept outside the project. */
const samples = join(import.meta.dirname, '../../shared/samples/brt');
const sample = (name: string): string => readFileSync(join(samples, name), 'utf8');

const NOW = Date.parse('2026-10-05T20:00:00Z');
const ID = '066061651641';
const REFERENCE = '202600000800630';
const EVENTS = [
  ['data-transmitted', '2026-10-05T16:33:00.000Z', 'ANCONA (066)'],
  ['picked-up', '2026-10-05T16:00:00.000Z', 'ANCONA (066)'],
  ['in-transit', '2026-10-05T19:00:00.000Z', 'ANCONA (066)'],
];

/** The whole of the adapter, from the text of the answer on. */
async function client(text: string) {
  vi.stubGlobal('fetch', async () => new Response(text));
  return createBrtClient({ userId: 'u', password: 'p', customerCode: '1234567', departureDepot: '66' });
}
afterEach(() => vi.unstubAllGlobals());

const refs: TrackingRefs = {
  courierAccountId: 'shop',
  senderReference: REFERENCE,
  createdAt: '2026-10-05T10:00:00.000Z',
  parcels: [],
};
const byParcel = { ...refs, parcels: [{ trackingByParcelId: '066010001100001' }] };
const byId = { ...refs, courierShipmentId: { id: ID, year: undefined } };
const track = (text: string, known: TrackingRefs) => createBrtTracker(() => client(text)).track(known);
const seen = (answer: Awaited<ReturnType<typeof track>>) =>
  answer.found === 'yes' ? answer.events.map(({ state, at, depot }) => [state, at, depot]) : undefined;

describe.runIf(existsSync(samples))('a sample of BRT', () => {
  test('tracking with only our data knows no number, and its padding is no event', async () => {
    const answer = await track(sample('derived_rest_tracking_data_only.json'), byParcel);
    expect(seen(answer)).toEqual(EVENTS.slice(0, 1));
    if (answer.found !== 'yes') throw new Error('not found');
    const shipment = newShipment({ ...byParcel, courier: 'brt', orders: [] }, NOW);
    expect(withTracking(shipment, answer, NOW)).toMatchObject({
      becameKnown: false,
      alerts: [],
      shipment: { state: 'data-transmitted' },
    });
  });

  test('tracking under way gives the shipment’s id and the events in the list’s order', async () => {
    const answer = await track(sample('derived_rest_tracking_in_transit.json'), byParcel);
    expect(seen(answer)).toEqual(EVENTS);
    if (answer.found !== 'yes') throw new Error('not found');
    const shipment = newShipment({ ...byParcel, courier: 'brt', orders: [] }, NOW);
    expect(withTracking(shipment, answer, NOW)).toMatchObject({
      becameKnown: true,
      alerts: [],
      shipment: {
        state: 'in-transit',
        trackingNumber: ID,
        courierShipmentId: { id: ID, year: 2026 },
      },
    });
  });

  test('of the SOAP tracking says the same as the REST one', async () => {
    expect(seen(await track(sample('derived_soap_tracking_three_events.xml'), byId))).toEqual(EVENTS);
  });

  test('of the lookup by reference gives the id, or nothing yet', async () => {
    expect(await track(sample('derived_soap_rmn_found.xml'), refs)).toMatchObject({
      found: 'yes',
      courierShipmentId: { id: ID, year: undefined },
    });
    expect(await track(sample('derived_soap_rmn_not_found.xml'), refs)).toEqual({ found: 'not-yet' });
  });

  test('creation gives the parcel’s numbers and its label; a wrong login stops everything', async () => {
    const create = (text: string) =>
      createBrtShipments(() => client(text)).create(
        {
          courierAccountId: 'shop',
          senderReference: REFERENCE,
          parcelCount: 1,
          weightGrams: 1_700,
          labelFormat: 'PDF',
        },
        {
          name: 'Prova',
          address: 'Via di Prova 1',
          postcode: '00012',
          city: 'Guidonia',
          province: 'RM',
          countryCode: 'IT',
        },
      );
    const created = await create(sample('derived_create_response_ok.json'));
    expect(created).toMatchObject({
      warnings: [],
      parcels: [{ parcelId: '066010001100142012', trackingByParcelId: '066010001100001' }],
    });
    expect(Buffer.from(created.parcels[0]?.label ?? []).toString('latin1')).toMatch(/^%PDF-1\.4/);
    await expect(create(sample('derived_create_response_error_login.json'))).rejects.toMatchObject({
      reason: 'unauthorised',
      retryable: false,
    });
  });

  test('legend of events is the table, word for word', () => {
    const legend = z
      .array(z.object({ id: z.string(), descrizione: z.string() }))
      .parse(JSON.parse(sample('legend_events.json')));
    const table = Object.values(BRT_EVENTS).flatMap((events) => Object.entries(events));
    expect(new Map(table)).toEqual(new Map(legend.map(({ id, descrizione }) => [id, descrizione])));
    expect(table).toHaveLength(legend.length);
  });

  test('legend of outcomes is the table, but for the end of a list that we never ask for', () => {
    const legend = z.array(z.object({ esito: z.int() })).parse(JSON.parse(sample('legend_esiti.json')));
    expect(new Set([...OUTCOME_REACTIONS.keys(), 100])).toEqual(new Set(legend.map(({ esito }) => esito)));
  });

  test('block of a shipment’s data with the other spelling is read', async () => {
    const dati_spedizione = {
      ...JSON.parse(sample('dati_spedizione_upper_block.json')),
      descrizione_stato_sped_parte_1: 'RESO AL MITTENTE',
    };
    const text = JSON.stringify({
      ttParcelIdResponse: { esito: 0, bolla: { dati_spedizione }, lista_eventi: [] },
    });
    expect(await track(text, byParcel)).toEqual({
      found: 'yes',
      courierShipmentId: { id: '169010109536', year: 2024 },
      events: [],
      returnInstructed: true,
    });
  });
});
