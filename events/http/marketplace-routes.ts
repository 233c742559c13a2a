import type * as z from 'zod';
import { channelParamsSchema } from './channels.ts';
import {
  accountParamsSchema,
  amazonCredentialsSchema,
  dryRunSchema,
  ebayCredentialsSchema,
  manomanoCredentialsSchema,
  savedCredentialsSchema,
  testedCredentialsSchema,
} from './credentials.ts';
import { OPERATORS, type Role } from './roles.ts';
import { type Route, route } from './route.ts';
import { nothingSchema } from './shared-fields.ts';

type Marketplace = Exclude<NonNullable<Route['servedBy']>, 'couriers'>;

/** Whoever holds an account's credentials can act as the shop. */
const KEEPERS: readonly Role[] = ['owner'];

/** What is asked of a marketplace while a person waits, by the name it has in the OpenAPI document. */
export const MARKETPLACE_ROUTES = {
  saveAmazonCredentials: saveRoute('amazon', amazonCredentialsSchema),
  saveEbayCredentials: saveRoute('ebay', ebayCredentialsSchema),
  saveManomanoCredentials: saveRoute('manomano', manomanoCredentialsSchema),
  testAmazonCredentials: testRoute('amazon'),
  testEbayCredentials: testRoute('ebay'),
  testManomanoCredentials: testRoute('manomano'),
  dryRunAmazonChannel: dryRunRoute('amazon'),
  dryRunEbayChannel: dryRunRoute('ebay'),
  dryRunManomanoChannel: dryRunRoute('manomano'),
} as const;

function saveRoute<Body extends z.ZodType>(servedBy: Marketplace, body: Body) {
  return route({
    method: 'PUT',
    path: `/v1/accounts/${servedBy}/{accountId}/credentials`,
    tag: 'accounts',
    summary: "Tests an account's credentials at the marketplace, stores them and says what was found",
    roles: KEEPERS,
    params: accountParamsSchema,
    query: nothingSchema,
    body,
    status: 200,
    answer: savedCredentialsSchema,
    servedBy,
  });
}

function testRoute(servedBy: Marketplace) {
  return route({
    method: 'POST',
    path: `/v1/accounts/${servedBy}/{accountId}/test`,
    tag: 'accounts',
    summary: 'Tries the stored credentials of an account at the marketplace',
    roles: KEEPERS,
    params: accountParamsSchema,
    query: nothingSchema,
    status: 200,
    answer: testedCredentialsSchema,
    servedBy,
  });
}

function dryRunRoute(servedBy: Marketplace) {
  return route({
    method: 'POST',
    path: `/v1/channels/{channelId}/dry-runs/${servedBy}`,
    tag: 'channels',
    summary: "What the channel's next pull would bring, with none of it stored",
    roles: OPERATORS,
    params: channelParamsSchema,
    query: nothingSchema,
    status: 200,
    answer: dryRunSchema,
    servedBy,
  });
}
