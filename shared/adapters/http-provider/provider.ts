import type { RemoteProviderAccount } from '../../domain/provider-account.ts';
import type { PersonalDataProvider } from '../../ports/personal-data-provider.ts';
import { type HttpProviderClient, type ProviderHttpAnswer, successOf } from './client.ts';
import { codeOf, failureOf, unexpectedAnswer } from './errors.ts';
import { type AccountAnswer, accountSchema, accountsSchema, modulesSchema } from './schemas.ts';

/** Accounts and modules of a provider that speaks docs/personal-data-provider.openapi.json. */
export function createHttpProvider(client: HttpProviderClient): PersonalDataProvider {
  return {
    async createAccount(connection, { externalId, legalName, vatNumber, contactEmail }) {
      const answer = await client.call(connection, {
        operation: 'createAccount',
        method: 'POST',
        path: ['accounts'],
        body: { externalId, legalName, vatNumber, contactEmail },
      });
      return accountOf(successOf('createAccount', answer, accountSchema));
    },

    async findAccounts(connection, externalId) {
      const answer = await client.call(connection, {
        operation: 'findAccounts',
        method: 'GET',
        path: ['accounts'],
        query: { externalId },
      });
      return successOf('findAccounts', answer, accountsSchema).accounts.map(accountOf);
    },

    async readAccount(connection, remoteAccountId) {
      const operation = 'readAccount';
      const answer = await client.call(connection, {
        operation,
        method: 'GET',
        path: ['accounts', remoteAccountId],
      });
      const account = accountOf(successOf(operation, answer, accountSchema));
      if (answer.etag === null) throw unexpectedAnswer(operation, answer.requestId, ['ETag missing']);
      return { account, etag: answer.etag };
    },

    async changeAccount(connection, remoteAccountId, changes, etag) {
      const answer = await client.call(connection, {
        operation: 'changeAccount',
        method: 'PATCH',
        path: ['accounts', remoteAccountId],
        body: changes,
        ifMatch: etag,
      });
      return accountOf(successOf('changeAccount', answer, accountSchema));
    },

    async listModules(connection, remoteAccountId) {
      const answer = await client.call(connection, {
        operation: 'listModules',
        method: 'GET',
        path: ['accounts', remoteAccountId, 'modules'],
      });
      return successOf('listModules', answer, modulesSchema).modules.map((module) => ({
        moduleId: module.id,
        kind: module.kind,
        country: module.marketplace,
        label: module.label,
        active: module.status === 'ACTIVE',
        ...(module.matchedChannel ? { matchedChannel: module.matchedChannel } : {}),
      }));
    },

    async match(connection, { remoteAccountId, moduleId, channelId, channelCountry }) {
      const answer = await client.call(connection, {
        operation: 'matchModule',
        method: 'PUT',
        path: ['accounts', remoteAccountId, 'modules', moduleId, 'match'],
        body: { channelId, channelCountry },
      });
      done('matchModule', answer);
    },

    async unmatch(connection, { remoteAccountId, moduleId }) {
      const answer = await client.call(connection, {
        operation: 'unmatchModule',
        method: 'DELETE',
        path: ['accounts', remoteAccountId, 'modules', moduleId, 'match'],
      });
      done('unmatchModule', answer);
    },

    async deletePersonalInformation(connection, { moduleId, marketplaceOrderId }) {
      const operation = 'deletePersonalInformation';
      const answer = await client.call(connection, {
        operation,
        method: 'DELETE',
        path: ['modules', moduleId, 'orders', marketplaceOrderId, 'personal-information'],
      });
      // Nothing kept, or no longer: that is what was asked for.
      const gone =
        answer.status === 410 || (answer.status === 404 && codeOf(answer.body) === 'ORDER_NOT_FOUND');
      if (!gone) done(operation, answer);
    },
  };
}

function done(operation: string, answer: ProviderHttpAnswer): void {
  if (answer.status === 200 || answer.status === 201 || answer.status === 204) return;
  throw failureOf(operation, answer);
}

function accountOf({
  id,
  externalId,
  legalName,
  vatNumber,
  contactEmail,
  ...rest
}: AccountAnswer): RemoteProviderAccount {
  const { status, expiresAt } = rest;
  const customer = { legalName, vatNumber, contactEmail };
  return { remoteAccountId: id, externalId, ...customer, status, expiresAt: expiresAt ?? undefined };
}
