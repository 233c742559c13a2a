/** What the columns of a file of shipments may be called, without accents, spaces and capitals. */
const COLUMN_NAMES = {
  courier: ['corriere', 'courier'],
  courierAccountId: ['contratto', 'contract', 'account', 'courieraccountid'],
  reference: ['riferimento', 'riferimentomittente', 'reference', 'senderreference'],
  parcelNumbers: [
    'colli',
    'collo',
    'numerocollo',
    'numericolli',
    'parcels',
    'parcel',
    'parcelnumber',
    'parcelnumbers',
  ],
  trackingNumber: [
    'tracking',
    'numerotracking',
    'numerospedizione',
    'letteradivettura',
    'trackingnumber',
    'shipmentnumber',
  ],
  carrierName: ['vettore', 'nomevettore', 'carrier', 'carriername'],
  trackingUrl: ['link', 'linktracking', 'url', 'trackingurl'],
  shippedAt: ['data', 'dataspedizione', 'speditoil', 'date', 'shipdate', 'shippedat'],
  marketplace: ['marketplace'],
  orderNumber: ['ordine', 'numeroordine', 'idordine', 'order', 'ordernumber', 'orderid'],
  orderLineId: ['riga', 'rigaordine', 'idriga', 'line', 'orderline', 'orderlineid', 'orderitemid'],
  quantity: ['quantita', 'qta', 'pezzi', 'quantity', 'qty'],
} as const;
export type Column = keyof typeof COLUMN_NAMES;

const COLUMN_OF = new Map<string, Column>(
  Object.entries(COLUMN_NAMES).flatMap(([column, names]) =>
    names.map((name) => [name, column as Column] as const),
  ),
);

/** Undefined for a header that means nothing here. */
export function columnOf(header: string): Column | undefined {
  const name = header
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
  return COLUMN_OF.get(name);
}
