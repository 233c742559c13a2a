import { cellsOfLine } from './csv-rows.ts';
import { normaliseHeader } from './date-range-columns/index.ts';

/**
 * Headers of the table exported from the screen "Transaction view". It shows sums per order, not the fees, so it
 * cannot be reconciled. Only the Italian headers have been seen in a file.
 */
const HEADERS: ReadonlySet<string> = new Set(
  [
    ...['Stato della transazione', 'Tipo di transazione', 'Numero di ordine', 'Dettagli prodotto'],
    ...['Totale costo prodotti', 'Totale sconti', 'Commissioni Amazon', 'Altre transazioni'],
    ...['Transaction status', 'Transaction type', 'Order number', 'Order ID', 'Product details'],
    ...['Total product charges', 'Total promotional rebates', 'Amazon fees', 'Other transactions'],
    ...['Transaktionsstatus', 'Transaktionstyp', 'Art der Transaktion', 'Bestellnummer', 'Produktdetails'],
    ...[
      'Gesamtkosten für Produkte',
      'Gesamtbetrag der Werberabatte',
      'Amazon-Gebühren',
      'Andere Transaktionen',
    ],
    ...['Statut de la transaction', 'Type de transaction', 'Numéro de commande', 'Détails du produit'],
    ...[
      'Total des frais de produit',
      'Total des remises promotionnelles',
      'Frais Amazon',
      'Autres transactions',
    ],
    ...['Estado de la transacción', 'Tipo de transacción', 'Número de pedido', 'Detalles del producto'],
    ...[
      'Total de cargos del producto',
      'Total de descuentos promocionales',
      'Tarifas de Amazon',
      'Otras transacciones',
    ],
  ].map(normaliseHeader),
);

/** "Totale (EUR)": no other file puts the currency into this header. */
const TOTAL_WITH_CURRENCY = /^(?:total|totale|gesamt|summe|gesamtbetrag|totaal|totalt|suma) \([a-z]{3}\)$/;

/** Headers that must be recognised; fewer when the total names its currency. */
const HEADERS_MIN = 4;
const HEADERS_WITH_TOTAL_MIN = 2;

/** True for the header row of a transaction-view export, whatever separates its cells. */
export function isTransactionView(line: string): boolean {
  return [',', ';', '\t'].some((delimiter) => {
    const headers = cellsOfLine(line, delimiter).map(normaliseHeader);
    const known = headers.filter((header) => HEADERS.has(header)).length;
    const minimum = headers.some((header) => TOTAL_WITH_CURRENCY.test(header))
      ? HEADERS_WITH_TOTAL_MIN
      : HEADERS_MIN;
    return known >= minimum;
  });
}
