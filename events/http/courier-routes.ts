import { SHIPPING } from './roles.ts';
import { route } from './route.ts';
import { nothingSchema } from './shared-fields.ts';
import {
  labelParamsSchema,
  labelSchema,
  makeAgainSchema,
  makeShipmentSchema,
  shipmentParamsSchema,
  shipmentSchema,
} from './shipments.ts';

/** What is asked of a courier while a person waits, and the labels that name the recipient. */
export const COURIER_ROUTES = {
  makeShipment: route({
    method: 'POST',
    path: '/v1/shipments/made',
    tag: 'shipments',
    summary:
      'Makes a shipment at BRT, with its labels; one that BRT did not answer for is reserved, and tried again by itself',
    roles: SHIPPING,
    params: nothingSchema,
    query: nothingSchema,
    body: makeShipmentSchema,
    status: 201,
    answer: shipmentSchema,
    servedBy: 'couriers',
  }),
  makeShipmentAgain: route({
    method: 'POST',
    path: '/v1/shipments/{shipmentKey}/make-again',
    tag: 'shipments',
    summary: 'Asks the courier again for a shipment that it refused, with what is to be changed',
    roles: SHIPPING,
    params: shipmentParamsSchema,
    query: nothingSchema,
    body: makeAgainSchema,
    status: 200,
    answer: shipmentSchema,
    servedBy: 'couriers',
  }),
  confirmShipment: route({
    method: 'POST',
    path: '/v1/shipments/{shipmentKey}/confirm',
    tag: 'shipments',
    summary: 'Confirms a made shipment, where the contract has the courier wait for it',
    roles: SHIPPING,
    params: shipmentParamsSchema,
    query: nothingSchema,
    status: 200,
    answer: shipmentSchema,
    servedBy: 'couriers',
  }),
  deleteShipment: route({
    method: 'DELETE',
    path: '/v1/shipments/{shipmentKey}',
    tag: 'shipments',
    summary: 'Deletes a shipment that was made here, at the courier too, with its labels',
    roles: SHIPPING,
    params: shipmentParamsSchema,
    query: nothingSchema,
    status: 200,
    answer: shipmentSchema,
    servedBy: 'couriers',
  }),
  readShipmentLabel: route({
    method: 'GET',
    path: '/v1/shipments/{shipmentKey}/labels/{parcel}',
    tag: 'shipments',
    summary:
      'An address that gives the label of one parcel for five minutes; that it was asked for is kept in the activity log',
    roles: SHIPPING,
    params: labelParamsSchema,
    query: nothingSchema,
    status: 200,
    answer: labelSchema,
    servedBy: 'couriers',
  }),
} as const;
