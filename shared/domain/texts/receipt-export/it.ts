import type { ReceiptExportTexts } from './texts.ts';

export const it: ReceiptExportTexts = {
  sheets: { documents: 'Documenti', totals: 'Totali di controllo' },
  head: [
    'Data',
    'Numero',
    'Tipo',
    'Stato',
    'Canale',
    'Marketplace',
    'Ordine',
    'Paese di destinazione',
    'Aliquota IVA %',
    'Natura',
    'Imponibile',
    'IVA',
    'Totale',
    'Valuta',
    'Storna il documento',
  ],
  totalsHead: ['Valuta', 'Aliquota IVA %', 'Natura', 'Documenti', 'Imponibile', 'IVA', 'Totale'],
  allRates: 'tutte',
  kinds: {
    'courtesy-receipt': 'Ricevuta di cortesia',
    'courtesy-reversal': 'Storno di ricevuta',
    'electronic-invoice': 'Fattura elettronica',
    'credit-note': 'Nota di credito',
  },
  states: {
    requested: 'richiesto',
    numbered: 'numerato',
    processing: 'in lavorazione',
    issued: 'emesso',
    failed: 'non emesso',
    void: 'annullato',
  },
};
