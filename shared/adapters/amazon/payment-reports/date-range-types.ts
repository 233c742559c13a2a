/**
 * What a row is, from its localised type word. Words of all languages share one table because no word means two things;
 * a word that is in no table leaves the row unclassified, never guessed.
 *
 * - `sale`, `reversal`: money of an order, read column by column.
 * - `fee`, `returnFee`: a fee of the account, or of an order when the row names one (`returnFee` then on the refund side).
 * - `reimbursement`, `balance`: the whole row is that.
 */
export type RowMeaning = 'sale' | 'reversal' | 'fee' | 'returnFee' | 'reimbursement' | 'balance';

const WORDS: Readonly<Record<RowMeaning, readonly string[]>> = {
  sale: [
    ...['Order', 'Liquidations'],
    ...['Ordine'],
    ...['Bestellung', 'Liquidationen'],
    ...['Commande'],
    ...['Pedido'],
    ...['Bestelling'],
    ...['Beställning'],
    ...['zamówienie'],
  ],
  reversal: [
    ...['Refund', 'Order_Retrocharge', 'Refund_Retrocharge', 'Chargeback Refund', 'A-to-z Guarantee Claim'],
    ...['A-to-z Guarantee Refund', 'Liquidations Adjustments', 'Liquidations Adjustment'],
    ...['Rimborso'],
    ...['Erstattung', 'Bestellung_Wiedereinzug', 'Erstattung_Wiedereinzug', 'Erstattung durch Rückbuchung'],
    ...['Liquidationsanpassungen'],
    ...['Remboursement'],
    ...['Reembolso'],
    ...['Terugbetaling'],
    ...['Återbetalning', 'återbäring'],
    ...['zwrot'],
  ],
  fee: [
    ...['Service Fee', 'FBA Inventory Fee', 'FBA Transaction Fees', 'FBA Transaction Fee', 'Amazon Fees'],
    ...['Lightning Deal Fee', 'Fee Adjustment', 'Shipping Services', 'Delivery Services'],
    ...['Commissione di servizio', 'Tariffa di servizio', 'Costo di stoccaggio Logistica di Amazon'],
    ...['Commissioni per le transazioni di Logistica di Amazon', "Tariffa dell'Offerta Lampo"],
    ...['Servicegebühr', 'Versand durch Amazon Lagergebühr', 'Transaktionsgebühren für Versand durch Amazon'],
    ...['Gebühren von Amazon', 'Blitzangebotsgebühr', 'Gebührenerstattung'],
    ...['Frais de service', 'Frais de stock Expédié par Amazon', 'Frais de transaction Expédié par Amazon'],
    ...['Tarif de la Vente Flash'],
    ...['Tarifa de prestación de servicio', 'Tarifas de inventario de Logística de Amazon'],
    ...['Tarifas de transacción de Logística de Amazon', 'Tarifa de Oferta flash', 'Ajuste de tarifa'],
    ...['Servicekosten'],
    ...['Serviceavgift'],
  ],
  returnFee: ['FBA Customer Return Fee', 'Gebühren für Kundenrücksendungen mit Versand durch Amazon'],
  reimbursement: [
    ...['Adjustment', 'SAFE-T Reimbursement'],
    ...['Modifica', 'Anpassung', 'Ajustement', 'Ajuste', 'Aanpassing', 'Justering'],
  ],
  balance: [
    ...[
      'Transfer',
      'Trasferimento',
      'Übertrag',
      'Transfert',
      'Transférer',
      'Transferir',
      'Overboeking',
      'Överföring',
    ],
    ...['Debt', 'Saldo negativo', 'Verbindlichkeit', 'Solde négatif', 'Saldo descubierto', 'Schuld', 'Skuld'],
  ],
};

function normaliseWord(word: string): string {
  return word
    .normalize('NFKC')
    .replace(/[’‘`´]/g, "'")
    .replace(/[\s_]+/g, ' ')
    .trim()
    .toLowerCase();
}

const BY_WORD: ReadonlyMap<string, RowMeaning> = new Map(
  (Object.entries(WORDS) as [RowMeaning, readonly string[]][]).flatMap(([meaning, words]) =>
    words.map((word) => [normaliseWord(word), meaning] as const),
  ),
);

/** The meaning of a type word, or undefined for one that is in no table. */
export function rowMeaning(word: string): RowMeaning | undefined {
  return BY_WORD.get(normaliseWord(word));
}

const DEFERRED_WORDS: ReadonlySet<string> = new Set(
  [
    ...['Deferred', 'Differito', 'Differita', 'Aufgeschoben', 'Zurückgestellt', 'Différé', 'Différée'],
    ...['Diferido', 'Diferida', 'Uitgesteld', 'Uppskjuten', 'Odroczone', 'Odroczona'],
  ].map(normaliseWord),
);

/** True when the status word says that Amazon still holds the money. A second signal: the empty release date is the first. */
export function saysDeferred(status: string): boolean {
  return DEFERRED_WORDS.has(normaliseWord(status));
}
