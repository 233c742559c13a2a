import type { CustomisationTexts } from './texts.ts';

export const en: CustomisationTexts = {
  'no-file-named':
    "Amazon does not name the customisation's file yet. Check in Seller Central, under Orders > Order Reports > settings, that the customisation columns are on; until then read it on the order's page in Seller Central.",
  'not-downloadable':
    "Amazon names the customisation's file but does not hand it out. It is asked for again for a day; if it is urgent, download it from the order's page in Seller Central.",
  'hostile-package':
    "The customisation's file is unlike Amazon's and was not opened, to be safe. Read the customisation on the order's page in Seller Central and tell the support.",
  'unreadable-package':
    "The customisation's file is damaged or has no description. Read the customisation on the order's page in Seller Central.",
  'not-permitted':
    'The application may not read the personal data of orders: it lacks the restricted role "Direct-to-Consumer Shipping". Request it from Amazon in the developer profile and authorise the application again.',
  'not-wanted': 'The order is cancelled or refunded: its customisation is not needed any more.',
};
