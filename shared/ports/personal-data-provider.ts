import type { ProviderCustomer, ProviderModule, RemoteProviderAccount } from '../domain/provider-account.ts';

/** How a provider is reached. The key is a secret. */
export interface ProviderConnection {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/**
 * The accounts and modules of an external provider of personal data. What its contract lets it refuse is a
 * `ProviderRefusedError`; else it fails with the four families of `PartnerError`. After `UnavailableError` of a write
 * nobody knows whether it was done: ask before it is repeated.
 */
export interface PersonalDataProvider {
  /** The same `externalId` again answers the account that is there. */
  createAccount(
    connection: ProviderConnection,
    account: ProviderCustomer & { readonly externalId: string },
  ): Promise<RemoteProviderAccount>;
  findAccounts(connection: ProviderConnection, externalId: string): Promise<readonly RemoteProviderAccount[]>;
  readAccount(
    connection: ProviderConnection,
    remoteAccountId: string,
  ): Promise<{ readonly account: RemoteProviderAccount; readonly etag: string }>;
  /** Refused as `changed-meanwhile` when the account is no longer at `etag`. */
  changeAccount(
    connection: ProviderConnection,
    remoteAccountId: string,
    changes: Partial<ProviderCustomer>,
    etag: string,
  ): Promise<RemoteProviderAccount>;
  listModules(connection: ProviderConnection, remoteAccountId: string): Promise<readonly ProviderModule[]>;
  /** Repeating it changes nothing. */
  match(
    connection: ProviderConnection,
    match: {
      readonly remoteAccountId: string;
      readonly moduleId: string;
      readonly channelId: string;
      readonly channelCountry: string;
    },
  ): Promise<void>;
  /** Repeating it changes nothing. */
  unmatch(
    connection: ProviderConnection,
    match: { readonly remoteAccountId: string; readonly moduleId: string },
  ): Promise<void>;
  /** Has the provider delete what it keeps of an order's buyer; nothing kept is success. */
  deletePersonalInformation(
    connection: ProviderConnection,
    order: { readonly moduleId: string; readonly marketplaceOrderId: string },
  ): Promise<void>;
}
