import { activityPageSchema, activityQuerySchema } from './activity.ts';
import {
  buyerQuerySchema,
  buyerSchema,
  orderListQuerySchema,
  orderPageSchema,
  orderParamsSchema,
  orderSchema,
} from './orders.ts';
import {
  reportListQuerySchema,
  reportPageSchema,
  reportParamsSchema,
  reportRowsPageSchema,
  reportRowsParamsSchema,
  reportRowsQuerySchema,
  reportSchema,
  uploadParamsSchema,
  uploadRequestSchema,
  uploadSchema,
} from './payment-reports.ts';
import { ACCOUNTING, EVERYBODY, OPERATORS, type Role, SHIPPING } from './roles.ts';
import { type Route, route } from './route.ts';
import { nothingSchema } from './shared-fields.ts';

const ACCOUNTS_SEEN_BY: readonly Role[] = [...ACCOUNTING, 'viewer'];

/** Every operation of the HTTP API, by the name it has in its OpenAPI document. */
export const ROUTES = {
  listOrders: route({
    method: 'GET',
    path: '/v1/orders',
    tag: 'orders',
    summary:
      'Orders of all channels, newest first, each with fee, settlement and what a person has to look at',
    roles: EVERYBODY,
    params: nothingSchema,
    query: orderListQuerySchema,
    status: 200,
    answer: orderPageSchema,
  }),
  readOrder: route({
    method: 'GET',
    path: '/v1/orders/{marketplace}/{orderNumber}',
    tag: 'orders',
    summary: 'One order with its lines, its money and the work on it; without personal data',
    roles: EVERYBODY,
    params: orderParamsSchema,
    query: nothingSchema,
    status: 200,
    answer: orderSchema,
  }),
  readBuyer: route({
    method: 'GET',
    path: '/v1/orders/{marketplace}/{orderNumber}/buyer',
    tag: 'orders',
    summary: 'The person behind an order; that it was read, by whom and why, is kept in the activity log',
    roles: SHIPPING,
    params: orderParamsSchema,
    query: buyerQuerySchema,
    status: 200,
    answer: buyerSchema,
  }),
  listPaymentReports: route({
    method: 'GET',
    path: '/v1/payment-reports',
    tag: 'payment reports',
    summary: "A channel's uploaded payment reports, newest first",
    roles: ACCOUNTS_SEEN_BY,
    params: nothingSchema,
    query: reportListQuerySchema,
    status: 200,
    answer: reportPageSchema,
  }),
  readPaymentReport: route({
    method: 'GET',
    path: '/v1/payment-reports/{reportId}',
    tag: 'payment reports',
    summary: 'One payment report: where each of its rows ended, and whether they add up',
    roles: ACCOUNTS_SEEN_BY,
    params: reportParamsSchema,
    query: nothingSchema,
    status: 200,
    answer: reportSchema,
  }),
  listPaymentReportRows: route({
    method: 'GET',
    path: '/v1/payment-reports/{reportId}/buckets/{bucket}/rows',
    tag: 'payment reports',
    summary: 'What is in one bucket of a payment report',
    roles: ACCOUNTS_SEEN_BY,
    params: reportRowsParamsSchema,
    query: reportRowsQuerySchema,
    status: 200,
    answer: reportRowsPageSchema,
  }),
  requestReportUpload: route({
    method: 'POST',
    path: '/v1/channels/{channelId}/payment-report-uploads',
    tag: 'payment reports',
    summary: 'An address to which one payment report of a stated size and type can be uploaded',
    roles: ACCOUNTING,
    params: uploadParamsSchema,
    query: nothingSchema,
    body: uploadRequestSchema,
    status: 201,
    answer: uploadSchema,
  }),
  listActivity: route({
    method: 'GET',
    path: '/v1/activity',
    tag: 'activity',
    summary: 'Who did what, newest first',
    roles: OPERATORS,
    params: nothingSchema,
    query: activityQuerySchema,
    status: 200,
    answer: activityPageSchema,
  }),
} as const satisfies Readonly<Record<string, Route>>;

export type RouteId = keyof typeof ROUTES;
export const ROUTE_IDS = Object.keys(ROUTES) as readonly RouteId[];
