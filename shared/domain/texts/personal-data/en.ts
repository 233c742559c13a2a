import type { ProviderProblem } from '../../provider-account.ts';

export const en: Readonly<Record<ProviderProblem, string>> = {
  'key-refused': "The provider does not accept the account's key. Enter a valid one.",
  'account-suspended':
    'The provider has suspended the account, or the contract is over. Contact the provider.',
  'account-unknown': 'The provider knows no such account.',
  'module-unknown': "The provider's account has no such module.",
  'module-already-matched': 'The module is matched to another channel already. Take that match away first.',
  'channel-already-matched': 'The channel is matched to another module already. Take that match away first.',
  'country-mismatch': "The module's country is not the channel's.",
  'module-not-matched': 'For the provider the module is not matched to this channel. Match it again.',
  'changed-meanwhile': 'Somebody else changed this in the meantime. Load it again and retry.',
  'not-accepted': 'The request was not accepted: check what was entered.',
  'provider-throttled': 'The provider gets too many requests. Try again in a few minutes.',
  'provider-unavailable':
    'The provider does not answer, and nobody knows whether the request was carried out. Repeat it in a few minutes; nothing is made twice.',
  'unexpected-answer': "The provider's answer breaks the contract. Tell the support.",
  'id-taken': 'This id is taken. Choose another one.',
  'account-not-here': 'There is no such account.',
  'account-of-another': "The provider's account is linked to another account of this list already.",
  'address-not-allowed':
    "The provider's address must begin with https:// and be a public name, without a port or parameters.",
  'not-ready': 'The creation at the provider was not finished. Create it again with the same data.',
  'no-key': "The account's key is missing. Enter it in the account's settings.",
  'not-of-this-kind': 'An account of this kind has nothing at an external provider.',
  'channel-not-here': 'There is no such channel, or it is archived.',
  'marketplace-mismatch': "The module is for another marketplace than the channel's.",
  'module-inactive': 'The module is not active at the provider.',
  'channel-without-module': 'The channel is matched to no module.',
};
