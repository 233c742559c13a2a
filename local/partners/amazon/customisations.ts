import { type AmazonOrder, CUSTOMISATION_HOST } from './schemas.ts';
import { zipOf } from './zip.ts';

type Product = AmazonOrder['orderItems'][number]['product'];

/** What a buyer made of a customised product. */
export interface StandInCustomisation {
  readonly orderItemId: string;
  /** Before this instant the order names the customisation and no file. Milliseconds since the epoch. */
  readonly namedFromMs: number;
  readonly package: Buffer;
}

/** Amazon Custom: packages by order item, and the host they are downloaded from. */
export class Customisations {
  readonly #byItem = new Map<string, StandInCustomisation>();
  readonly #now: () => number;

  constructor(customisations: readonly StandInCustomisation[], now: () => number) {
    this.#now = now;
    for (const customisation of customisations) this.put(customisation);
  }

  put(customisation: StandInCustomisation): void {
    this.#byItem.set(customisation.orderItemId, customisation);
  }

  /** The product as an order shows it: with the address of its package, or an empty one while there is none. */
  named(orderItemId: string, product: Product): Product {
    const known = this.#byItem.get(orderItemId);
    if (known === undefined) return product;
    const url = `https://${CUSTOMISATION_HOST}/${orderItemId}.zip`;
    return { ...product, customization: { customizedUrl: this.#now() >= known.namedFromMs ? url : '' } };
  }

  /** The package behind an address of the host. */
  at(path: string): Buffer | undefined {
    const [, orderItemId = ''] = /^\/([^/]+)\.zip$/.exec(path) ?? [];
    const known = this.#byItem.get(orderItemId);
    return known !== undefined && this.#now() >= known.namedFromMs ? known.package : undefined;
  }
}

/** One white pixel. */
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=',
  'base64',
);

/**
 * A package as Amazon Custom makes it: two surfaces, with texts, an option and an image, in both layouts of the
 * description, and the files that go with an image.
 */
export function customisationPackage(item: {
  readonly orderId: string;
  readonly orderItemId: string;
  readonly text: string;
  readonly option: string;
}): Buffer {
  const image = `${item.orderItemId}.jpg`;
  const description = {
    orderId: item.orderId,
    orderItemId: item.orderItemId,
    quantity: 1,
    customizationInfo: {
      'version3.0': {
        surfaces: [
          {
            name: 'Fronte',
            areas: [
              {
                customizationType: 'TextPrinting',
                label: 'Testo',
                text: item.text,
                fontFamily: 'Demo Serif',
                colorName: 'Nero',
                fill: '#000000',
              },
              { customizationType: 'Options', label: 'Finitura', name: 'Finitura', optionValue: item.option },
            ],
          },
          {
            name: 'Retro',
            areas: [
              { customizationType: 'ImagePrinting', label: 'Immagine', svgImage: { imageName: image } },
              { customizationType: 'TextPrinting', label: 'Seconda riga', text: '' },
            ],
          },
        ],
      },
    },
    customizationData: {
      type: 'PageContainerCustomization',
      children: [
        {
          type: 'PreviewContainerCustomization',
          label: 'Fronte',
          children: [
            { type: 'TextCustomization', label: 'Testo', inputValue: item.text },
            { type: 'OptionCustomization', label: 'Finitura', displayValue: item.option },
          ],
        },
        {
          type: 'PreviewContainerCustomization',
          label: 'Retro',
          children: [{ type: 'ImageCustomization', label: 'Immagine', image: { imageName: image } }],
        },
      ],
    },
  };
  return zipOf({
    [`${item.orderItemId}.json`]: JSON.stringify(description),
    [`${item.orderItemId}.xml`]: `<?xml version="1.0" encoding="UTF-8"?>\n<customization orderItemId="${item.orderItemId}"/>\n`,
    [`${item.orderItemId}.svg`]:
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M1 1h8v8H1z"/></svg>\n',
    [image]: JPEG,
  });
}
