import type { Courier, Shipment } from './shipment.ts';

/**
 * Where anybody can follow a number, per courier. The addresses are those of the couriers' own public search pages;
 * which of them have been seen in use stands in docs/unverified.md.
 */
const PAGES: Readonly<Record<Exclude<Courier, 'manual'>, (number: string) => string>> = {
  brt: (number) => {
    // A shipment's 12 digits and a parcel's 15 are different questions to the same page.
    const question = number.length === 12 ? 'Nspediz' : 'ChiSono';
    return `https://vas.brt.it/vas/sped_det_show.hsm?referer=sped_numspe_par.htm&${question}=${enc(number)}`;
  },
  gls: (number) => {
    // GLS Italy's numbers count per depot, which stands before them: `M1 610123456`.
    const [, depot = '', rest = number] = /^([A-Z][A-Z0-9])\s?(\d+)$/i.exec(number) ?? [];
    const place = `locpartenza=${enc(depot.toUpperCase())}&numsped=${enc(rest)}`;
    return `https://www.gls-italy.com/index.php?option=com_gls&view=track_e_trace&mode=search&diretto=yes&${place}`;
  },
  dhl: (number) => `https://www.dhl.com/it-it/home/tracking.html?tracking-id=${enc(number)}`,
  poste: (number) => `https://www.poste.it/cerca/index.html#/risultati-spedizioni/${enc(number)}`,
  ups: (number) => `https://www.ups.com/track?loc=it_IT&tracknum=${enc(number)}`,
};

/**
 * The public page on which the buyer follows a shipment; of a courier we cannot ask, the one that a person entered.
 * @param number the one that is given out: the definitive one or a parcel's
 */
export function trackingUrl(
  shipment: Pick<Shipment, 'courier' | 'trackingUrl'>,
  number: string,
): string | undefined {
  return shipment.courier === 'manual' ? shipment.trackingUrl : PAGES[shipment.courier](number);
}

const enc = encodeURIComponent;
