/** The little that is said before a language is chosen. */
export const en = {
  noConfig: 'The console cannot find its configuration. Tell whoever installed the system.',
};
